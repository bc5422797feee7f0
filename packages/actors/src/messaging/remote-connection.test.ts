import { LINK_LIMITS, MalformedMessageError } from '@zera/core'
import { encodeValues, systemClock, type LinkReceiver } from '@zera/core/internal'
import { expect, test } from 'vitest'
import { replyText } from '../fixtures/message-texts.js'
import { Host } from '../host/host.js'
import { BoundRef } from '../model/refs/bound-ref.js'
import { FIRST_REMOTE_HOST, type HostLink, type Transport } from '../platform/transport.js'
import * as format from './format/message-format.js'

/** A host whose links lead nowhere, and the receiver of what arrives on each. */
function hostOf(): { host: Host; arriveFrom: (peer: number, body: unknown) => void; faults: string[] } {
  const receivers = new Map<number, LinkReceiver>()
  const faults: string[] = []
  const link = {
    isRemote: true,
    isClosed: false,
    blocks: { abandon: () => undefined, lend: () => undefined },
    open: () => undefined,
    outbox: { backlog: 0, post: () => true, postReply: () => undefined, postRow: () => true },
    begin: () => undefined,
    finish: () => undefined,
    close: () => undefined,
  } as unknown as HostLink
  const transport = {
    createLink: (_name: string, receiver: LinkReceiver, peer: number) => {
      receivers.set(peer, receiver)
      return link
    },
    hold: () => undefined,
  } as unknown as Transport
  const host = new Host({
    number: 0,
    clock: systemClock,
    transport,
    requestLink: () => undefined,
    reportFault: (peer, _link, problem) => faults.push(`${peer}: ${problem}`),
    createInjector: () => {
      throw new Error('no actor lives here')
    },
  })
  return { host, faults, arriveFrom: (peer, body) => receivers.get(peer)?.message(body, 0) }
}

const [ASKED, OTHER] = [FIRST_REMOTE_HOST + 1, FIRST_REMOTE_HOST + 2]

test('a host in another process answers what it was asked, and not what another was', async () => {
  const { host, arriveFrom } = hostOf()
  const ref = new BoundRef<{ pid(): number }>(host.messenger, {
    host: ASKED,
    id: 17,
    name: '',
    url: '',
    definition: '',
  })
  const answer = ref.ask.pid()
  host.peers.connectionTo(OTHER)

  for (const body of [
    replyText(format.ANSWER, 1, encodeValues([6])),
    replyText(format.THREW, 1, encodeValues([6])),
    replyText(format.ITEM, 1, encodeValues([6])),
    `[${format.UNREACHED},1,"stopped"]`,
  ]) {
    expect(() => arriveFrom(OTHER, JSON.parse(body))).toThrow(MalformedMessageError)
  }
  arriveFrom(ASKED, JSON.parse(replyText(format.ANSWER, 1, encodeValues([7]))))
  // No asker waits for it any more.
  arriveFrom(OTHER, JSON.parse(replyText(format.ANSWER, 1, encodeValues([8]))))

  expect(await answer).toBe(7)
  host.close()
})

test.each<[string, unknown]>([
  ['a ref without an address', { ref: { host: 1 } }],
  ['a ref that is none', { ref: null }],
  ['a socket that is none', { block: { type: 5 } }],
  ['nothing', null],
])('a message of a host in another process that carries %s cannot be read', (_what, carried) => {
  const { host, arriveFrom } = hostOf()
  host.peers.connectionTo(OTHER)
  const take = (data: unknown): void => arriveFrom(OTHER, [format.TELL, 17, 0, 'take', JSON.parse(carrying(data)), 0])

  expect(() => take(carried)).toThrow(MalformedMessageError)
  expect(() => take({ ref: REF })).not.toThrow()
  host.close()
})

test('a host in another process gives up as many asks as can be under way, and no more', () => {
  const { host, arriveFrom } = hostOf()
  host.peers.connectionTo(OTHER)

  for (let correlation = 1; correlation <= LINK_LIMITS.windowMessages; correlation++)
    arriveFrom(OTHER, [format.WITHDRAW, correlation])

  expect(() => arriveFrom(OTHER, [format.WITHDRAW, 1e6])).toThrow(MalformedMessageError)
  host.close()
})

const REF = { host: 1, id: 17, name: '', url: '', definition: '' }

/** A message with data of the extension, as a host writes it. */
function carrying(data: unknown): string {
  return encodeValues([new Date()], { encode: () => data, decode: () => undefined })
}
