import type { Figures } from '../../bench.js'
import type { Effort } from '../../effort.js'
import type { PayloadPeer } from '../../peers/payloads/payload-peer.js'
import { percentile } from '../../results/statistics.js'
import { DeliveryError, type Tally } from '../../runs/delivery-error.js'
import { processorTimeOf } from '../../runs/processor-time.js'
import { rateOf } from '../../runs/rate.js'
import { markAt, markOf, payloadOf, VARIANTS, type Kind } from './kinds/kinds.js'

/** Measures one kind of payload at one peer: gives a function that runs a round of it. */
export type Way = (peer: PayloadPeer, kind: Kind, effort: Effort) => () => Promise<Figures>

/** The processor time of a message, of all threads together. */
export const PROCESSOR = 'processor time'

const IN_FLIGHT = 16

/** There and back, the next one when the one before has come back: microseconds of a trip. */
export const oneAtATime: Way =
  (peer, kind, { roundMs }) =>
  async () => {
    const micros: number[] = []
    const processor = await processorTimeOf(async () => {
      const until = performance.now() + roundMs
      for (let number = 0; number === 0 || performance.now() < until; number++) {
        const sentAt = performance.now()
        const back = await peer.echo(number)
        micros.push((performance.now() - sentAt) * 1000)
        expectPayload(peer, kind, number, back)
      }
    })
    return { p50: percentile(micros, 50), [PROCESSOR]: processor / micros.length }
  }

/** There and back, 16 under way at any time: trips a second. */
export const inFlight: Way = (peer, kind, effort) =>
  ratesOf(effort, IN_FLIGHT, async trips => {
    let next = 0
    const call = async (): Promise<void> => {
      for (let number = next++; number < trips; number = next++)
        expectPayload(peer, kind, number, await peer.echo(number))
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, call))
  })

/** One way: messages a second that were received. */
export const oneWay: Way = (peer, kind, effort) =>
  ratesOf(effort, 1, async messages => expectAll(kind, messages, await peer.send(messages)))

/** From there, at the pace of the reader: items a second. */
export const stream: Way = (peer, kind, effort) => {
  const read = async (items: number): Promise<void> => {
    let number = 0
    for await (const item of peer.items(items)) expectPayload(peer, kind, number++, item)
    if (number !== items) throw new DeliveryError({ count: items, sum: 0 }, { count: number, sum: 0 })
  }
  const round = ratesOf(effort, 1, read)
  return async () => {
    // The other thread makes its payloads for the first items, which shall not count.
    await read(VARIANTS)
    return round()
  }
}

/** @param atOnce Messages that are the least of a round. */
function ratesOf(effort: Effort, atOnce: number, work: (messages: number) => Promise<void>): () => Promise<Figures> {
  let processor = 0
  const rate = rateOf(async amount => {
    processor = (await processorTimeOf(() => work(amount * atOnce))) / (amount * atOnce)
  }, effort)
  return async () => ({ rate: (await rate()) * atOnce, [PROCESSOR]: processor })
}

/** @throws {DeliveryError} When it is not the payload with this number. */
function expectPayload(peer: PayloadPeer, kind: Kind, number: number, value: unknown): void {
  const mark = markOf(kind, value)
  const sum = markOf(kind, payloadOf(kind, number))
  peer.release(value)
  if (mark !== sum) throw new DeliveryError({ count: 1, sum }, { count: 1, sum: mark })
}

/** @throws {DeliveryError} When what was handled are not so many messages, in their order. */
function expectAll(kind: Kind, messages: number, received: Tally): void {
  let sum = 0
  for (let at = 0; at < VARIANTS; at++)
    sum += markAt(kind, payloadOf(kind, at), at) * Math.ceil((messages - at) / VARIANTS)
  if (received.count !== messages || received.sum !== sum) throw new DeliveryError({ count: messages, sum }, received)
}
