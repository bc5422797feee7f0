import { isDeepStrictEqual } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import type { Bench, Contender, Figure, Figures, Target } from '../../bench.js'
import type { PayloadPeer } from '../../peers/payloads/payload-peer.js'
import { portPayloads } from '../../peers/payloads/port-payloads.js'
import { zeraPayloads } from '../../peers/payloads/zera-payloads.js'
import { collectGarbage } from '../../runs/heap.js'
import { asBytes, type Form } from './kinds/binaries.js'
import { isLarge, kindOf, KINDS, payloadOf, type Kind } from './kinds/kinds.js'
import { inFlight, oneAtATime, oneWay, PROCESSOR, stream, type Way } from './ways.js'

const ZERA = 'zera'
const BLOCKS = 'zera, SharedBlock'
const CLONE = 'MessagePort, clone'

const KIB = 1024

/** There are so many kinds that each gets a part of a round's time. */
const SHARE = 1 / 4

const BINARIES = KINDS.filter(({ group }) => group === 'binary').map(({ name }) => name)

const NOTES =
  'Beside the main thread there are as many as cores, of which one is used. Two payloads of each kind are sent in turn, whole each time. A payload that is transferred or put into a `SharedBlock` is copied first, and the copy counts: a sender that has given its bytes away needs others. K and M count the characters of a text.'

/** What people send, there and back. */
export const payloadsTrip: Bench = payloadBench({
  name: 'payloads-trip',
  title: 'Payloads of all kinds there and back, one at a time',
  notes: NOTES,
  figure: { name: 'p50', unit: 'µs', better: 'less' },
  column: 'one at a time',
  findings:
    'What is missed is large and copied, or made of objects that have a class: a text or bytes of a mebibyte are copied into shared memory and out of it on each hop, into memory that is new each time, and Map, Set and Date are written and read one by one, where V8 clones them in C++.',
  targetsOf: ({ size }) => [{ system: ZERA, of: 'ratio', limit: size >= 32 * KIB ? 1 : 2 }],
  way: oneAtATime,
})

/** The same, several at a time. */
export const payloadsInFlight: Bench = payloadBench({
  name: 'payloads-in-flight',
  title: 'Payloads of all kinds there and back, 16 in flight',
  figure: { name: 'rate', unit: 'trips/s', better: 'more' },
  column: '16 in flight',
  findings:
    'Counted on a busy machine, 16 trips are 1.3 turns of a thread, 1.6 frames and one wake, so payloads do travel together. In profiles (`node --cpu-prof`) both threads are idle for a third of the time and more, as each waits for the other. With texts of 32 K, the collection of garbage was a third of what they do in earlier reports: V8 links each table that a `Map` has outgrown to the next one, so the arguments of all asks in such maps grew old (`node --trace-gc`: everything survives each scavenge). They are in `SlotMap`s since, which made these texts 2 to 3 times as fast, documents 1.5 times. With bytes of 64 KiB garbage is a fifth, and copies into shared memory and out of it are another. With small ones no function takes more than a tenth: ringing the other thread takes 7 to 10 %, ZeroMQ 5 to 8.',
  targetsOf: targetsInBulk,
  way: inFlight,
})

/** What people send, as messages without an answer. */
export const payloadsOneWay: Bench = payloadBench({
  name: 'payloads-one-way',
  title: 'Payloads of all kinds one way',
  figure: { name: 'rate', unit: 'msg/s', better: 'more' },
  column: 'one way',
  findings:
    'In profiles (`node --cpu-prof`) the sender of lists of integers looks at each number for 22 % of its time, to see whether all are small, and the receiver makes arrays for 36. With texts of 32 K both threads slept for half of their time, until a frame was full by the bytes of its blocks and a sender was rung when half of what it had sent was handled: from 0.5 to 0.8 of `postMessage`, measured in this report. Large bytes get memory of their own for each message, and its pages cost more than the copies: until glibc was taught to keep it (`ZERA_WITHOUT=memory`) bytes of 1 MiB went at 280 messages a second, and at 6,500 since. `postMessage` gains more by that, since it is one process and copies once: so its clone is far ahead here, and ahead of its own transfer, too. A `SharedBlock` gets memory from the system for each message, which this does not keep, and it is what is missed most; nothing was tried against that yet. Documents and records travel at 1.4 to 1.8 times the rate of a clone, and not at twice: the receiver has to make the same objects.',
  targetsOf: targetsInBulk,
  way: oneWay,
})

/** What people send, as items of a stream. */
export const payloadsStream: Bench = payloadBench({
  name: 'payloads-stream',
  title: 'Payloads of all kinds as items of a stream, at most 1,024 under way',
  figure: { name: 'rate', unit: 'items/s', better: 'more' },
  column: 'stream',
  findings:
    'The items of a stream are messages, so what is found one way holds here. In a profile (`node --cpu-prof`) with texts of 1 K both threads are idle for half of the time, and ringing each other takes 12 and 19 % of what they do: the reader takes items one by one, and each half of the window is opened by a message.',
  targetsOf: targetsInBulk,
  way: stream,
})

interface PayloadBench extends Pick<Bench, 'name' | 'title' | 'notes' | 'findings'> {
  /** What is measured beside processor time. */
  readonly figure: Figure
  readonly column: string
  readonly targetsOf: (kind: Kind) => readonly Target[]
  readonly way: Way
}

function payloadBench({ figure, targetsOf, way, ...about }: PayloadBench): Bench {
  const contender = (
    { system, parts, isOurs }: Pick<Contender, 'system' | 'parts' | 'isOurs'>,
    form: Form,
    start: (form: Form) => Promise<PayloadPeer>,
  ): Contender => ({
    system,
    ...(parts && { parts }),
    ...(isOurs && { isOurs }),
    start: async effort => {
      // V8 forgets code that has not run for some collections, and would take those that are forced for the others.
      setFlagsFromString('--no-flush-bytecode')
      const peer = await start(form)
      const rounds = new Map<Kind, () => Promise<Figures>>()
      return {
        round: async part => {
          const kind = kindOf(part)
          payloadOf(kind, 0)
          await peer.begin(kind)
          let round = rounds.get(kind)
          if (round === undefined) {
            await expectSame(peer, kind, form)
            round = way(peer, kind, { ...effort, roundMs: effort.roundMs * SHARE })
            rounds.set(kind, round)
            await peer.begin(kind)
          }
          const figures = await round()
          if (isLarge(kind)) {
            // What is left of megabytes would be collected while the next system is measured. V8 throws compiled code
            // away with it, which is little of what large ones take, and each of the small ones has a warm-up.
            collectGarbage()
            await peer.collect()
          }
          return figures
        },
        [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
      }
    },
  })
  return {
    ...about,
    figures: [figure, { name: PROCESSOR, unit: 'µs a message', better: 'less' }],
    parts: KINDS.map(kind => ({ name: kind.name, targets: { [figure.name]: targetsOf(kind) } })),
    baselines: [CLONE],
    contenders: [
      contender({ system: ZERA, isOurs: true }, 'plain', zeraPayloads),
      contender({ system: BLOCKS, isOurs: true, parts: BINARIES }, 'blocks', zeraPayloads),
      contender({ system: CLONE }, 'plain', portPayloads),
      contender({ system: 'MessagePort, transfer', parts: BINARIES }, 'transferred', portPayloads),
    ],
  }
}

/** Never slower than a clone, and twice as fast where a clone walks through many values or characters. */
function targetsInBulk({ group, size }: Kind): readonly Target[] {
  const isWalked = group === 'list' || (group === 'document' && size >= 2000) || (group === 'text' && size >= 4 * KIB)
  const inBlocks: Target[] = group === 'binary' && size >= 4 * KIB ? [{ system: BLOCKS, of: 'ratio', limit: 3 }] : []
  return [{ system: ZERA, of: 'ratio', limit: isWalked ? 2 : 1 }, ...inBlocks]
}

/** @throws {RangeError} When something else comes back, or comes in a stream, than what was sent. */
async function expectSame(peer: PayloadPeer, kind: Kind, form: Form): Promise<void> {
  const compare = (value: unknown, number: number): void => {
    const sent = payloadOf(kind, number)
    const [came, wanted] = form === 'blocks' ? [asBytes(value), asBytes(sent)] : [value, sent]
    if (!isDeepStrictEqual(came, wanted))
      throw new RangeError(`Cannot measure payloads: ${kind.name} did not arrive as it was sent`)
    peer.release(value)
  }
  compare(await peer.echo(1), 1)
  let number = 0
  for await (const item of peer.items(2)) compare(item, number++)
}
