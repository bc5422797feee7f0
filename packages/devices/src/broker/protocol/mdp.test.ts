import type { Frame } from '@zera/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clientRequest,
  fromWorker,
  requestToWorker,
  toClient,
  toWorker,
  workerReady,
  workerReply,
} from './mdp-messages.js'
import { readClientReply, readWorkerMessage } from './mdp-peers.js'
import { readBrokerMessage, type Malformation, type MdpVersion } from './mdp.js'

const SENDER = Buffer.from('sender')

function received(frames: readonly Frame[]): ReturnType<typeof readBrokerMessage> {
  return readBrokerMessage([SENDER, ...frames.map(frame => Buffer.from(frame))])
}

function buffers(frames: readonly Frame[]): Buffer[] {
  return frames.map(frame => Buffer.from(frame))
}

describe('the frames of RFC 7/MDP and 18/MDP', () => {
  const client = Buffer.from('client')
  const worker = Buffer.from('worker')
  const body = [Buffer.from('body')]

  test.each<[string, Frame[], Frame[]]>([
    ['client REQUEST 0.1', clientRequest('0.1', 'echo', body), ['', 'MDPC01', 'echo', 'body']],
    ['client REPLY 0.1', toClient([client], '0.1', 'echo', body, true), ['client', '', 'MDPC01', 'echo', 'body']],
    ['worker READY 0.1', workerReady('0.1', 'echo'), ['', 'MDPW01', '\x01', 'echo']],
    [
      'worker REQUEST 0.1',
      requestToWorker(worker, '0.1', client, body),
      ['worker', '', 'MDPW01', '\x02', 'client', '', 'body'],
    ],
    ['worker REPLY 0.1', workerReply('0.1', client, body, true), ['', 'MDPW01', '\x03', 'client', '', 'body']],
    ['worker HEARTBEAT 0.1', fromWorker('0.1', 'heartbeat'), ['', 'MDPW01', '\x04']],
    ['worker DISCONNECT 0.1', toWorker(worker, '0.1', 'disconnect'), ['worker', '', 'MDPW01', '\x05']],
    ['client REQUEST 0.2', clientRequest('0.2', 'echo', body), ['MDPC02', '\x01', 'echo', 'body']],
    [
      'client PARTIAL 0.2',
      toClient([client], '0.2', 'echo', body, false),
      ['client', 'MDPC02', '\x02', 'echo', 'body'],
    ],
    ['client FINAL 0.2', toClient([client], '0.2', 'echo', body, true), ['client', 'MDPC02', '\x03', 'echo', 'body']],
    ['worker READY 0.2', workerReady('0.2', 'echo'), ['MDPW02', '\x01', 'echo']],
    [
      'worker REQUEST 0.2',
      requestToWorker(worker, '0.2', client, body),
      ['worker', 'MDPW02', '\x02', 'client', '', 'body'],
    ],
    ['worker PARTIAL 0.2', workerReply('0.2', client, body, false), ['MDPW02', '\x03', 'client', '', 'body']],
    ['worker FINAL 0.2', workerReply('0.2', client, body, true), ['MDPW02', '\x04', 'client', '', 'body']],
    ['worker HEARTBEAT 0.2', fromWorker('0.2', 'heartbeat'), ['MDPW02', '\x05']],
    ['worker DISCONNECT 0.2', toWorker(worker, '0.2', 'disconnect'), ['worker', 'MDPW02', '\x06']],
  ])('%s', (_name, frames, expected) => {
    expect(frames.map(String)).toEqual(expected)
  })

  test('there are no partial replies in 0.1', () => {
    expect(() => workerReply('0.1', client, body, false)).toThrow(RangeError)
  })
})

describe('readBrokerMessage()', () => {
  const frame = fc.uint8Array({ maxLength: 20 }).map(bytes => Buffer.from(bytes))
  const body = fc.array(frame, { minLength: 1, maxLength: 5 })
  const version = fc.constantFrom<MdpVersion>('0.1', '0.2')
  const name = fc.stringMatching(/^[a-z.ü]{1,20}$/)

  test('reads what clients and workers write', () => {
    fc.assert(
      fc.property(
        version,
        name,
        body,
        fc.uint8Array({ minLength: 1, maxLength: 20 }).map(bytes => Buffer.from(bytes)),
        fc.boolean(),
        (how, service, frames, client, isFinal) => {
          expect(received(clientRequest(how, service, frames))).toEqual({
            kind: 'request',
            version: how,
            envelope: [SENDER],
            service,
            body: frames,
          })
          expect(received(workerReady(how, service))).toEqual({ kind: 'ready', version: how, sender: SENDER, service })
          expect(received(fromWorker(how, 'heartbeat'))).toEqual({ kind: 'heartbeat', version: how, sender: SENDER })
          expect(received(fromWorker(how, 'disconnect'))).toEqual({ kind: 'disconnect', version: how, sender: SENDER })
          const isWhole = isFinal || how === '0.1'
          expect(received(workerReply(how, client, frames, isWhole))).toEqual({
            kind: 'reply',
            version: how,
            sender: SENDER,
            isFinal: isWhole,
            client,
            body: frames,
          })
          expect(readWorkerMessage(buffers(requestToWorker(SENDER, how, client, frames).slice(1)), how)).toEqual({
            kind: 'request',
            client,
            body: frames,
          })
          expect(
            readClientReply(buffers(toClient([SENDER], how, service, frames, isWhole).slice(1)), how, service),
          ).toEqual({ isFinal: isWhole, body: frames })
        },
      ),
    )
  })

  test('keeps the way back of a request that came through others', () => {
    expect(received(['queue', 'number 7', '', 'MDPC01', 'echo', 'x'])).toMatchObject({
      kind: 'request',
      envelope: [SENDER, Buffer.from('queue'), Buffer.from('number 7')],
    })
  })

  test.each<[Malformation, string[]]>([
    ['header', []],
    ['header', ['']],
    ['header', ['', '', 'MDPC01', 'echo', 'x']],
    ['header', ['MDPC01', 'echo', 'x']],
    ['header', ['', 'MDPC02', '\x01', 'echo', 'x']],
    ['header', ['', 'MDPC03', 'echo', 'x']],
    ['header', ['through', 'others', '', 'MDPW01', '\x01', 'echo']],
    ['header', [...Array.from({ length: 20 }, () => 'hop'), '', 'MDPC01', 'echo', 'x']],
    ['frame-count', ['', 'MDPC01', 'echo']],
    ['frame-count', ['MDPC02', '\x01', 'echo']],
    ['frame-count', ['', 'MDPW01', '\x01']],
    ['frame-count', ['', 'MDPW01', '\x01', 'echo', 'more']],
    ['frame-count', ['', 'MDPW01', '\x03', 'client', '']],
    ['frame-count', ['', 'MDPW01', '\x04', 'more']],
    ['command', ['MDPC02', '\x02', 'echo', 'x']],
    ['command', ['MDPC02', '', 'echo', 'x']],
    ['command', ['', 'MDPW01', '\x02', 'client', '', 'x']],
    ['command', ['', 'MDPW01', '\x09']],
    ['command', ['', 'MDPW01', '\x01\x01', 'echo']],
    ['command', ['', 'MDPW01']],
    ['service-name', ['', 'MDPC01', '', 'x']],
    ['service-name', ['', 'MDPC01', 'line\nbreak', 'x']],
    ['service-name', ['MDPW02', '\x01', 'x'.repeat(256)]],
    ['client-address', ['', 'MDPW01', '\x03', '', '', 'x']],
    ['client-address', ['MDPW02', '\x04', 'client', 'not empty', 'x']],
  ])('finds a wrong %s in %j', (problem, frames) => {
    expect(received(frames)).toEqual({ kind: 'malformed', sender: SENDER, problem })
  })

  test('takes no bytes that are not UTF-8 for a name', () => {
    expect(received(['', 'MDPC01', Buffer.from([0xff, 0xfe]), 'x'])).toMatchObject({ problem: 'service-name' })
  })

  test('never throws', () => {
    const header = fc
      .constantFrom('', 'MDPC01', 'MDPW01', 'MDPC02', 'MDPW02', '\x01', '\x03', '\x04')
      .map(text => Buffer.from(text))
    fc.assert(
      fc.property(fc.array(fc.oneof(header, frame), { maxLength: 8 }), frames => void received(frames)),
      { numRuns: 1000 },
    )
  })
})
