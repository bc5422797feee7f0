import {
  encodeValues,
  remoteEnd,
  remoteTerms,
  systemClock,
  type RemoteSockets,
  type TakeFrames,
} from '@zera/core/internal'
import { expect, test } from 'vitest'
import { callText, publicationText, replyText } from '../fixtures/message-texts.js'
import { Host } from '../host/host.js'
import { seededRandom } from '../model/time/random.js'
import { FIRST_REMOTE_HOST, openTransport } from '../platform/transport.js'
import * as format from './format/message-format.js'

/** How many are damaged; more with `ZERA_FUZZ_FRAMES`. */
const FRAMES = Number(process.env['ZERA_FUZZ_FRAMES'] ?? 2000)
const random = seededRandom(Number(process.env['ZERA_FUZZ_SEED'] ?? 1))
const below = (end: number): number => Math.floor(random.next() * end)
const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T

/** A host to which others in other processes are linked. */
class Victim {
  readonly #takes = new Map<string, TakeFrames>()
  readonly #faults = new Map<number, string[]>()
  readonly host: Host
  #peers = 0

  constructor() {
    const sockets: Pick<RemoteSockets, 'plug' | 'close'> = {
      plug: ({ token }, take) => {
        this.#takes.set(token, take)
        return { transmit: () => undefined, close: () => void this.#takes.delete(token) }
      },
      close: () => Promise.resolve(),
    }
    this.host = new Host({
      number: 1,
      clock: systemClock,
      transport: openTransport(sockets as RemoteSockets),
      requestLink: () => undefined,
      reportFault: (peer, _link, problem) => this.#faults.get(peer)?.push(problem),
      createInjector: () => {
        throw new Error('no actor lives here')
      },
    })
    this.host.open()
  }

  /** Another is linked. */
  open(): { send: (frames: readonly (string | Buffer)[]) => void; faults: readonly string[]; close: () => void } {
    this.#peers += 1
    const peer = FIRST_REMOTE_HOST + this.#peers
    const faults: string[] = []
    this.#faults.set(peer, faults)
    const [bind] = remoteTerms('link', this.#peers, 'ipc:///nowhere', undefined)
    this.host.peers.linked(peer, remoteEnd(bind))
    const take = this.#takes.get(bind.token) as TakeFrames
    return {
      send: frames => take(frames.map(frame => Buffer.from(frame))),
      faults,
      close: () => this.host.peers.connections.get(peer)?.close(),
    }
  }
}

const REF = encodeValues([new Date()], {
  encode: () => ({ ref: { host: 1, id: 17, name: '', url: '', definition: '' } }),
  decode: () => undefined,
})
const MESSAGES = [
  callText(
    { kind: format.TELL, to: 17, from: 18, method: 'take', correlation: 0 },
    encodeValues([1, 'two', { three: [4] }]),
  ),
  callText(
    { kind: format.ASK, to: 17, from: 0, method: 'add', correlation: 5 },
    REF,
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ),
  callText({ kind: format.OPEN, to: 17, from: 0, method: 'upTo', correlation: 6 }, encodeValues([10])),
  callText({ kind: format.ASK, to: 0, from: 0, method: 'arrived', correlation: 7 }, encodeValues([])),
  replyText(format.ANSWER, 3, encodeValues([{ a: 1 }])),
  replyText(format.THREW, 3, encodeValues([new Error('no')])),
  replyText(format.ITEM, 3, encodeValues([[1]])),
  `[${format.UNREACHED},3,"stopped"]`,
  `[${format.WITHDRAW},5]`,
  `[${format.MORE},6,17,64]`,
  publicationText({ topic: 'topic', key: 'key', from: undefined, traceparent: undefined }, encodeValues([1])),
]
const ODD = [
  'null',
  'true',
  '-1',
  '1.5',
  '1e308',
  '9007199254740993',
  '"x"',
  '[]',
  '[[]]',
  '{}',
  '{"__proto__":{"x":1}}',
  '17',
  '22',
  '24',
  '32',
  '1e9',
  '"NaN"',
  '[[1,1,23,0],[],[],[]]',
  '[[0,1,20,0],[4294967295],[],[],["AQID"]]',
  '{"block":[1,1,0,1024],"layout":[0,[],2,[],9]}',
]

const frameOf = (number: number, ...batch: readonly (number | string)[]): string =>
  `[${number},0,[],[${batch.join(',')}]]`

interface Damage {
  readonly name: string
  /** Whether nothing that it makes can be taken. */
  readonly isCertain: boolean
  readonly make: (text: string) => readonly (string | Buffer)[]
}

const DAMAGES: readonly Damage[] = [
  { name: 'truncated', isCertain: true, make: text => [text.slice(0, below(text.length))] },
  { name: 'doubled', isCertain: true, make: text => [text + text] },
  { name: 'flipped', isCertain: false, make: text => [flipped(text)] },
  { name: 'replayed', isCertain: false, make: text => [text, text].slice(1) },
  { name: 'an odd part', isCertain: false, make: text => [withPart(text, () => pick(ODD))] },
  { name: 'a missing part', isCertain: false, make: text => [withPart(text, () => undefined)] },
  { name: 'deep', isCertain: false, make: text => [withPart(text, () => '['.repeat(20_000) + ']'.repeat(20_000))] },
  { name: 'not UTF-8', isCertain: true, make: text => [Buffer.concat([Buffer.from(text), Buffer.of(0xff)])] },
  { name: 'several frames', isCertain: true, make: text => [text, text] },
  { name: 'no frame', isCertain: true, make: () => [] },
  { name: 'an empty frame', isCertain: true, make: () => [''] },
  { name: 'far ahead', isCertain: true, make: text => [text.replace('[3,', '[99999999,')] },
  { name: 'a confirmation of nothing', isCertain: true, make: text => [text.replace(/^\[3,\d+/, '[3,9')] },
  { name: 'a slot that was never used', isCertain: true, make: text => [text.replace('[],[', `[${below(40_000)}],[`)] },
  { name: 'a slot that is in use', isCertain: true, make: text => [text.replace('[],[1,', '[],[2,')] },
]

function flipped(text: string): Buffer {
  const bytes = Buffer.from(text)
  const at = below(bytes.length)
  bytes[at] = (bytes[at] as number) ^ (1 << below(7))
  return bytes
}

/** One part of a frame is another, or is missing. */
function withPart(text: string, other: () => string | undefined): string {
  const root = JSON.parse(text) as Record<string, unknown>
  const parts: [Record<string, unknown>, string][] = []
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, value] of Object.entries(node)) {
      parts.push([node as Record<string, unknown>, key])
      collect(value)
    }
  }
  collect(root)
  const [owner, key] = pick(parts)
  const part = other()
  if (part !== undefined) owner[key] = 'the part'
  else if (Array.isArray(owner)) owner.splice(Number(key), 1)
  else delete owner[key]
  return JSON.stringify(root).replace('"the part"', () => part ?? '')
}

test('whatever a link from another process brings is taken, or ends that link, and nothing else', () => {
  const victim = new Victim()
  const neighbour = victim.open()
  neighbour.send([frameOf(1)])

  for (let sent = 0; sent < FRAMES; sent++) {
    const attacker = victim.open()
    attacker.send([frameOf(1)])
    attacker.send([frameOf(2, 0, MESSAGES[0] as string)])
    const { name, isCertain, make } = pick(DAMAGES)
    const damaged = make(frameOf(3, 1, pick(MESSAGES), 2, pick(MESSAGES)))
    attacker.send(damaged)
    if (isCertain) expect({ name, damaged, faults: attacker.faults.length }).toEqual({ name, damaged, faults: 1 })
    attacker.send(['rhubarb'])
    attacker.send([frameOf(3)])

    expect({ name, damaged, faults: attacker.faults.length }).toEqual({ name, damaged, faults: 1 })
    attacker.close()
  }

  neighbour.send([frameOf(2, 0, MESSAGES[1] as string)])
  expect(neighbour.faults).toEqual([])
  neighbour.close()
  victim.host.close()
})
