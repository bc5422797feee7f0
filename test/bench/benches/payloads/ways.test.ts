import { describe, expect, it } from 'vitest'
import { EFFORTS } from '../../effort.js'
import type { PayloadPeer } from '../../peers/payloads/payload-peer.js'
import { DeliveryError } from '../../runs/delivery-error.js'
import { kindOf, markAt, payloadOf } from './kinds/kinds.js'
import { inFlight, oneAtATime, oneWay, PROCESSOR, stream, type Way } from './ways.js'

const KIND = kindOf('flat record')
const WAYS: Readonly<Record<string, Way>> = { oneAtATime, inFlight, oneWay, stream }

/** A peer in this thread that gives the payload with the number which `numberOf` makes of the one that is due. */
class FakePeer implements PayloadPeer {
  released = 0
  mostUnderWay = 0
  #underWay = 0
  readonly #numberOf: (number: number) => number

  constructor(numberOf = (number: number): number => number) {
    this.#numberOf = numberOf
  }

  async begin(): Promise<void> {}

  async echo(number: number): Promise<unknown> {
    this.#underWay += 1
    this.mostUnderWay = Math.max(this.mostUnderWay, this.#underWay)
    await Promise.resolve()
    this.#underWay -= 1
    return payloadOf(KIND, this.#numberOf(number))
  }

  async send(messages: number): Promise<{ count: number; sum: number }> {
    const marks = Array.from({ length: messages }, (_, number) =>
      markAt(KIND, payloadOf(KIND, this.#numberOf(number)), number),
    )
    return { count: messages, sum: marks.reduce((sum, mark) => sum + mark, 0) }
  }

  async *items(items: number): AsyncGenerator<unknown, void, void> {
    for (let number = 0; number < items; number++) yield payloadOf(KIND, this.#numberOf(number))
  }

  async collect(): Promise<void> {}

  release(): void {
    this.released += 1
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

describe.each(Object.entries(WAYS))('%s', (name, way) => {
  it('gives what it measures, and the processor time of a message', async () => {
    const peer = new FakePeer()

    const figures = await way(peer, KIND, EFFORTS.tiny)()

    expect(Object.keys(figures)).toEqual([name === 'oneAtATime' ? 'p50' : 'rate', PROCESSOR])
    expect(Object.values(figures).every(number => number > 0)).toBe(true)
    expect(peer.released > 0).toBe(name !== 'oneWay')
    expect(peer.mostUnderWay).toBe({ oneAtATime: 1, inFlight: 16 }[name] ?? 0)
  })

  it('fails when another payload arrives', async () => {
    await expect(way(new FakePeer(number => number + 1), KIND, EFFORTS.tiny)()).rejects.toThrow(DeliveryError)
  })
})

it('oneWay fails when a message overtakes another one', async () => {
  const peer = new FakePeer()
  const send = peer.send.bind(peer)
  const swapping = new FakePeer(number => number ^ 1)
  // A round begins with one message, which has none to overtake.
  peer.send = async messages => (messages === 1 ? send(1) : swapping.send(messages))

  await expect(oneWay(peer, KIND, { ...EFFORTS.tiny, roundMs: 10_000 })()).rejects.toThrow(DeliveryError)
})

it('oneWay fails when a message is lost', async () => {
  const peer = new FakePeer()
  const send = peer.send.bind(peer)
  peer.send = async messages => send(messages - 1)

  await expect(oneWay(peer, KIND, EFFORTS.tiny)()).rejects.toThrow(DeliveryError)
})

it('stream fails when an item comes twice', async () => {
  const peer = new FakePeer()
  const items = peer.items.bind(peer)
  peer.items = count => items(count + 2)

  await expect(stream(peer, KIND, EFFORTS.tiny)()).rejects.toThrow(DeliveryError)
})
