import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EndedWays, type Way } from './ended-ways.js'

function way(routingId: string): Way {
  return { routingId, endpoint: `ipc://${routingId}` }
}

function namesOf(ways: readonly Way[]): string[] {
  return ways.map(({ routingId }) => routingId)
}

test('a way is empty when there was nothing to receive after it had ended', () => {
  const ways = new EndedWays()
  ways.add(way('a'), 3)
  const { last } = ways
  ways.add(way('b'), 3)

  expect(namesOf(ways.empty(last))).toEqual(['a'])
  expect(ways.size).toBe(1)
})

test('a way is empty when twice as many messages have come as there are ways, and none of its own', () => {
  const ways = new EndedWays()
  ways.add(way('a'), 2)

  const after = ['b', 'a', 'b', 'b', 'b'].map(name => namesOf(ways.received(name, 2)))

  expect(after).toEqual([[], [], [], [], []])
  expect(namesOf(ways.received('b', 2))).toEqual(['a'])
})

test('a way that is opened may have its turn first', () => {
  const ways = new EndedWays()
  ways.add(way('a'), 1)
  ways.opened()

  const after = ['b', 'b', 'b'].map(name => namesOf(ways.received(name, 2)))

  expect(after).toEqual([[], [], []])
  expect(namesOf(ways.received('b', 2))).toEqual(['a'])
})

/** Takes messages from pipes in turn, as ZeroMQ does. The first of each is a routing id, which it does not give. */
class FairQueue {
  readonly #active: string[] = []
  readonly #messages = new Map<string, number>()
  readonly #known = new Set<string>()
  #current = 0

  attach(name: string): void {
    this.#messages.set(name, 1)
    this.#active.push(name)
  }

  /** Messages arrive, which its owner hears of now. */
  arrive(name: string, messages: number): void {
    this.#messages.set(name, (this.#messages.get(name) as number) + messages)
    if (!this.#active.includes(name)) this.#active.push(name)
  }

  receive(): string | undefined {
    while (this.#active.length > 0) {
      const name = this.#active[this.#current] as string
      const messages = this.#messages.get(name) as number
      if (messages > 0) {
        this.#messages.set(name, messages - 1)
        this.#current = (this.#current + 1) % this.#active.length
        if (this.#known.has(name)) return name
        this.#known.add(name)
        continue
      }
      const last = this.#active.pop() as string
      if (this.#current < this.#active.length) this.#active[this.#current] = last
      else this.#current = 0
    }
    return undefined
  }

  isEmpty(name: string): boolean {
    return !this.#active.includes(name)
  }
}

test('whatever comes in which order, ZeroMQ has found a way empty that is said to be', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('open' as const) }),
    fc.record({ kind: fc.constant('arrive' as const), at: fc.nat(), messages: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('end' as const), at: fc.nat() }),
    fc.record({ kind: fc.constant('receive' as const) }),
    fc.record({ kind: fc.constant('receive' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), steps => {
      const queue = new FairQueue()
      const ways = new EndedWays()
      const open: string[] = []
      let named = 0
      for (const next of steps) {
        if (next.kind === 'open') {
          const name = `${(named += 1)}`
          open.push(name)
          queue.attach(name)
          ways.opened()
        } else if (next.kind === 'receive') {
          const from = queue.receive()
          const all = open.length + ways.size
          const empty = from === undefined ? ways.empty(ways.last) : ways.received(from, all)
          for (const { routingId } of empty) expect(queue.isEmpty(routingId)).toBe(true)
        } else if (open.length > 0) {
          const at = next.at % open.length
          if (next.kind === 'arrive') queue.arrive(open[at] as string, next.messages)
          else ways.add(way(open.splice(at, 1)[0] as string), open.length + ways.size + 1)
        }
      }
    }),
    { numRuns: 2000 },
  )
})
