import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BlockLocalError } from '../errors.js'
import type { LinkReceiver } from '../link-receiver.js'
import { encodeValues } from '../codec/codec.js'
import { blocksOf } from '../link-codec.js'
import { SharedBlock } from '../shared-block.js'
import { accountOf, remoteEnd, remoteTerms, type RemoteEnd } from './remote-end.js'
import { RemoteLink } from './remote-link.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Takes messages, and handles them when it is told to. */
class Side implements LinkReceiver {
  readonly taken: { readonly body: unknown; readonly slot: number }[] = []
  link!: RemoteLink
  end!: RemoteEnd

  get bodies(): unknown[] {
    return this.taken.map(({ body }) => body)
  }

  message(body: unknown, slot: number): void {
    this.taken.push({ body, slot })
  }

  signal(): void {}

  /** Begins what it has taken, and finishes the first `count` of it. */
  handle(count: number): void {
    for (const { slot } of this.taken.slice(0, count)) {
      this.link.begin(slot)
      this.link.finish(slot)
    }
  }
}

/** Two sides of a link and a channel between them. Nothing moves until `run`. */
class Pair {
  readonly a = new Side()
  readonly b = new Side()
  isCut = false
  readonly #dirty = new Set<{ flush(): void }>()
  readonly #queue: (() => void)[] = []
  readonly #takes = new Map<string, (text: string) => void>()

  constructor(isLost: () => boolean = () => false) {
    const [bind, connect] = remoteTerms('test', 1, 'ipc:///nowhere', {})
    for (const [side, terms] of [[this.a, bind], [this.b, connect]] as const) {
      side.end = remoteEnd(terms)
      side.link = new RemoteLink('test', { flushLater: link => void this.#dirty.add(link) }, side, ({ role }, take) => {
        this.#takes.set(role, take)
        return {
          transmit: text => {
            if (!this.isCut && !isLost()) this.#queue.push(() => this.#takes.get(role === 'bind' ? 'connect' : 'bind')?.(text))
          },
          close: () => undefined,
        }
      })
    }
  }

  open(): void {
    this.a.link.open(this.a.end)
    this.b.link.open(this.b.end)
    this.run()
  }

  run(): void {
    while (this.#dirty.size > 0 || this.#queue.length > 0) {
      for (const link of this.#dirty) {
        this.#dirty.delete(link)
        link.flush()
      }
      this.#queue.shift()?.()
    }
  }

  close(): void {
    this.a.link.close()
    this.b.link.close()
  }
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

// What it has in common with a Link is in link-contract.test.ts.
describe('RemoteLink', () => {
  test('loses and repeats nothing on a channel that loses, and accounts for each message that the peer has handled', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), fc.integer({ min: 1, max: 50 }), fc.nat(50), (losses, count, handled) => {
        const timers = vi.getTimerCount()
        let transmitted = 0
        const pair = new Pair(() => losses[transmitted++] ?? false)
        pair.open()
        for (const number of numbers(count)) {
          pair.a.link.post(String(number))
          if (number % 4 === 0) pair.run()
        }
        const settle = (): void => {
          for (let turn = 0; turn < 100; turn++) {
            pair.run()
            vi.advanceTimersByTime(2000)
          }
        }
        settle()
        expect(pair.b.bodies).toEqual(numbers(count))
        pair.b.handle(handled)
        settle()

        const { returned, lost } = pair.a.link.takeRemains(accountOf(pair.b.end))

        expect(returned.map(({ body, progress }) => [body, progress])).toEqual(numbers(count).slice(handled).map(number => [number, 'not-begun']))
        expect(lost).toBe(0)
        pair.a.link.settled(returned.length)
        expect(accountOf(pair.a.end).accepted).toBe(Math.min(count, handled))
        pair.close()
        expect(vi.getTimerCount()).toBe(timers)
      }),
      { numRuns: 60 },
    )
  })

  test('takeRemains() with the account of the peer knows what was handled, begun, not begun, and never arrived', () => {
    const pair = new Pair()
    pair.open()
    for (const number of [1, 2, 3]) pair.a.link.post(String(number))
    pair.run()
    pair.isCut = true
    pair.b.handle(1)
    pair.b.link.begin(pair.b.taken[1]?.slot as number)
    pair.a.link.post('4')
    pair.b.link.post('"never sent"')
    pair.run()

    const { returned, lost } = pair.a.link.takeRemains(accountOf(pair.b.end))

    expect(returned).toEqual([{ body: 2, progress: 'begun' }, { body: 3, progress: 'not-begun' }, { body: 4, progress: 'not-begun' }])
    expect(lost).toBe(1)
    pair.close()
  })

  test('takeRemains() without an account takes what was transmitted for begun, and counts nothing', () => {
    const pair = new Pair()
    pair.open()
    for (const number of [1, 2]) pair.a.link.post(String(number))
    pair.run()
    pair.b.handle(1)
    pair.run()
    pair.a.link.post('3')

    const { returned, lost } = pair.a.link.takeRemains()

    expect(returned).toEqual([{ body: 2, progress: 'begun' }, { body: 3, progress: 'not-begun' }])
    expect(lost).toBe(0)
    pair.close()
  })

  test('drained() waits for what the account says was sent, and gives up when nothing comes', async () => {
    const pair = new Pair()
    pair.open()
    pair.b.link.post('1')
    const account = accountOf(pair.b.end)
    let isDrained = false
    const drained = pair.a.link.drained(account).then(() => (isDrained = true))

    await vi.advanceTimersByTimeAsync(50)
    expect(isDrained).toBe(false)
    pair.run()
    await vi.advanceTimersByTimeAsync(100)
    await drained
    pair.b.link.post('2')
    const gaveUp = pair.a.link.drained(accountOf(pair.b.end))
    await vi.advanceTimersByTimeAsync(300)
    await gaveUp

    expect(pair.a.bodies).toEqual([1])
    pair.close()
  })

  test('ready() waits until the peer has what was posted', async () => {
    const pair = new Pair()
    pair.a.link.post('1')
    pair.isCut = true
    pair.open()
    let isReady = false
    const ready = pair.a.link.ready(1).then(() => (isReady = true))
    await vi.advanceTimersByTimeAsync(10)
    expect(isReady).toBe(false)
    pair.isCut = false
    for (let turn = 0; turn < 5; turn++) {
      await vi.advanceTimersByTimeAsync(2000)
      pair.run()
    }
    await ready

    expect(pair.b.bodies).toEqual([1])
    pair.close()
  })

  test('takes no shared block', () => {
    const pair = new Pair()
    const block = SharedBlock.allocate(8)

    expect(() => encodeValues([block], blocksOf(pair.a.link))).toThrow(BlockLocalError)
    expect(block.sizeBytes).toBe(8)
    expect(() => block.bytes).not.toThrow()
    pair.close()
    block.release()
  })
})
