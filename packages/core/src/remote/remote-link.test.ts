import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BlockLocalError, MessageTooLargeError } from '../base/errors/errors.js'
import { LINK_LIMITS, REMOTE_LIMITS } from '../base/values/limits.js'
import { encodeValues } from '../codec/codec.js'
import { MalformedMessageError } from '../codec/malformed-message-error.js'
import { SharedBlock } from '../link/blocks/shared-block.js'
import type { LinkReceiver } from '../link/link-receiver.js'
import { blocksOf } from '../thread/pipe/link-codec.js'
import { accountOf, remoteEnd, remoteTerms, type RemoteEnd } from './remote-end.js'
import { RemoteLink, type TakeFrames } from './remote-link.js'

vi.mock(import('../base/runtime/real-timers.js'), async importReal =>
  (await import('../fixtures/fakeable-timers.js')).fakeable(await importReal()),
)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Takes messages, and handles them on demand. */
class Side implements LinkReceiver {
  readonly taken: { readonly body: unknown; readonly slot: number }[] = []
  link!: RemoteLink
  end!: RemoteEnd

  get bodies(): unknown[] {
    return this.taken.map(({ body }) => body)
  }

  readonly problems: string[] = []
  readonly drops: unknown[] = []

  dropped(body: unknown): void {
    this.drops.push(body)
  }

  /** What its handling of a message throws. */
  thrown: Error | undefined

  message(body: unknown, slot: number): void {
    this.taken.push({ body, slot })
    if (this.thrown !== undefined) throw this.thrown
  }

  faulted(problem: string): void {
    this.problems.push(problem)
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
  readonly #takes = new Map<string, TakeFrames>()

  constructor(isLost: () => boolean = () => false) {
    const [bind, connect] = remoteTerms('test', 1, 'ipc:///nowhere', undefined)
    for (const [side, terms] of [
      [this.a, bind],
      [this.b, connect],
    ] as const) {
      side.end = remoteEnd(terms)
      side.link = new RemoteLink('test', { flushLater: link => void this.#dirty.add(link) }, side, ({ role }, take) => {
        this.#takes.set(role, take)
        return {
          transmit: text => {
            if (!this.isCut && !isLost())
              this.#queue.push(() => this.#takes.get(role === 'bind' ? 'connect' : 'bind')?.([Buffer.from(text)]))
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

  /** Something arrives at one side that the other has not sent. */
  inject(role: 'bind' | 'connect', ...frames: (string | Uint8Array)[]): void {
    this.#takes.get(role)?.(frames.map(frame => Buffer.from(frame)))
  }

  close(): void {
    this.a.link.close()
    this.b.link.close()
  }
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

// What it has in common with a Link is in link-contract.test.ts.
describe('RemoteLink.takeBack()', () => {
  test('keeps what was posted into a cut that is seen from leaving when the connection is back', () => {
    const pair = new Pair()
    pair.open()
    pair.isCut = true
    pair.a.link.outbox.post('1', 1)
    pair.run()
    vi.advanceTimersByTime(500)
    for (const key of [2, 3]) pair.a.link.outbox.post(String(key), key)
    pair.run()

    const isTaken = [1, 2].map(key => pair.a.link.outbox.takeBack(key))
    pair.isCut = false
    vi.advanceTimersByTime(4000)
    pair.run()

    expect(isTaken).toEqual([false, true])
    expect([pair.b.bodies, pair.a.drops]).toEqual([[1, 3], [2]])
    pair.b.handle(2)
    pair.run()
    expect(pair.a.link.outbox.backlog).toBe(0)
    pair.close()
  })
})

describe('RemoteLink', () => {
  test('loses and repeats nothing on a channel that loses, and accounts for each message that the peer has handled', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(50),
        (losses, count, handled) => {
          const timers = vi.getTimerCount()
          let transmitted = 0
          const pair = new Pair(() => losses[transmitted++] ?? false)
          pair.open()
          for (const number of numbers(count)) {
            pair.a.link.outbox.post(String(number))
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

          expect(returned.map(({ body, progress }) => [body, progress])).toEqual(
            numbers(count)
              .slice(handled)
              .map(number => [number, 'not-begun']),
          )
          expect(lost).toBe(0)
          pair.a.link.outbox.settled(returned.length)
          expect(accountOf(pair.a.end).accepted).toBe(Math.min(count, handled))
          pair.close()
          expect(vi.getTimerCount()).toBe(timers)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('takeRemains() with the account of the peer knows what was handled, begun, not begun, and never arrived', () => {
    const pair = new Pair()
    pair.open()
    for (const number of [1, 2, 3]) pair.a.link.outbox.post(String(number))
    pair.run()
    pair.isCut = true
    pair.b.handle(1)
    pair.b.link.begin(pair.b.taken[1]?.slot as number)
    pair.a.link.outbox.post('4')
    pair.b.link.outbox.post('"never sent"')
    pair.run()

    const { returned, lost } = pair.a.link.takeRemains(accountOf(pair.b.end))

    expect(returned).toEqual([
      { body: 2, progress: 'begun' },
      { body: 3, progress: 'not-begun' },
      { body: 4, progress: 'not-begun' },
    ])
    expect(lost).toBe(1)
    pair.close()
  })

  test('takeRemains() without an account takes what was transmitted for begun, and counts nothing', () => {
    const pair = new Pair()
    pair.open()
    for (const number of [1, 2]) pair.a.link.outbox.post(String(number))
    pair.run()
    pair.b.handle(1)
    pair.run()
    pair.a.link.outbox.post('3')

    const { returned, lost } = pair.a.link.takeRemains()

    expect(returned).toEqual([
      { body: 2, progress: 'begun' },
      { body: 3, progress: 'not-begun' },
    ])
    expect(lost).toBe(0)
    pair.close()
  })

  test('drained() waits for what the account says was sent, and gives up when nothing comes', async () => {
    const pair = new Pair()
    pair.open()
    pair.b.link.outbox.post('1')
    const account = accountOf(pair.b.end)
    let isDrained = false
    const drained = pair.a.link.drained(account).then(() => (isDrained = true))

    await vi.advanceTimersByTimeAsync(50)
    expect(isDrained).toBe(false)
    pair.run()
    await vi.advanceTimersByTimeAsync(100)
    await drained
    pair.b.link.outbox.post('2')
    const gaveUp = pair.a.link.drained(accountOf(pair.b.end))
    await vi.advanceTimersByTimeAsync(300)
    await gaveUp

    expect(pair.a.bodies).toEqual([1])
    pair.close()
  })

  test('ready() waits until the peer has what was posted', async () => {
    const pair = new Pair()
    pair.a.link.outbox.post('1')
    pair.isCut = true
    pair.open()
    let isReady = false
    const ready = pair.a.link.outbox.ready(1).then(() => (isReady = true))
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
    expect(() => blocksOf(pair.a.link).decode([1, 2, 3])).toThrow(MalformedMessageError)
    expect(block.sizeBytes).toBe(8)
    expect(() => block.bytes).not.toThrow()
    pair.close()
    block.release()
  })

  const SLOTS = LINK_LIMITS.windowMessages + LINK_LIMITS.windowReplies
  test.each<[what: string, frames: (string | Uint8Array)[]]>([
    ['no frame', []],
    ['two frames', ['[3,1,[],[]]', '[3,1,[],[]]']],
    ['no text', [Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d)]],
    ['half a character', [Buffer.from('[3,1,[],[1,"é"]]').subarray(0, -4)]],
    ['nothing of a sequence', ['["rhubarb"]']],
    ['a slot without a message', ['[3,1,[],[0,"a",1]]']],
    ['a slot that is a text', ['[3,1,[],["0","a"]]']],
    ['a slot that is negative', ['[3,1,[],[-1,"a"]]']],
    ['a slot that no link has', [`[3,1,[],[${SLOTS},"a"]]`]],
    ['a slot twice in a frame', ['[3,1,[],[5,"a",5,"b"]]']],
    ['a slot whose message is not handled', ['[3,1,[],[0,"a"]]']],
    ['a slot given back that was never used', ['[3,1,[7],[]]']],
    ['a slot given back twice', ['[3,1,[0,0],[]]']],
    ['a slot given back that is none', ['[3,1,[null],[]]']],
  ])('%s is a fault of the peer, and nothing more of it is taken', (_what, frames) => {
    const pair = new Pair()
    pair.a.link.outbox.post('"of a"')
    pair.b.link.outbox.post('"of b"')
    pair.open()
    const timers = vi.getTimerCount()

    pair.inject('bind', ...frames)
    pair.inject('bind', '[3,1,[],[9,"later"]]')
    pair.run()

    expect(pair.a.problems).toHaveLength(1)
    expect(pair.a.bodies.slice(1)).not.toContain('later')
    expect(pair.b.problems).toEqual([])
    expect(vi.getTimerCount()).toBeLessThanOrEqual(timers)
    pair.close()
  })

  test('a message that its receiver cannot read is a fault of the peer, and one whose handling throws is none', () => {
    const uncaught: unknown[] = []
    vi.stubGlobal('queueMicrotask', (run: () => void) => {
      try {
        run()
      } catch (error) {
        uncaught.push(error)
      }
    })
    const pair = new Pair()
    pair.open()
    pair.a.thrown = new Error('of the handler')

    pair.inject('bind', '[2,0,[],[0,"a",1,"b"]]')
    expect([pair.a.bodies, pair.a.problems, uncaught]).toEqual([['a', 'b'], [], [pair.a.thrown, pair.a.thrown]])
    pair.a.thrown = new MalformedMessageError('it is odd')
    pair.inject('bind', '[3,0,[],[2,"c",3,"d"]]')

    expect([pair.a.bodies, pair.a.problems.length, uncaught.length]).toEqual([['a', 'b', 'c'], 1, 2])
    pair.close()
    vi.unstubAllGlobals()
  })

  test('a message that is larger than one may be is refused, and the next is sent', () => {
    const pair = new Pair()
    pair.open()
    const tooLarge = JSON.stringify('x'.repeat(REMOTE_LIMITS.messageBytes))
    const inBytes = JSON.stringify('€'.repeat(REMOTE_LIMITS.messageBytes / 3 + 1))

    for (const body of [tooLarge, inBytes]) {
      for (const post of ['post', 'postReply', 'postAlways', 'postAhead'] as const)
        expect(() => pair.a.link.outbox[post](body)).toThrow(MessageTooLargeError)
    }
    pair.a.link.outbox.post('"small"')
    pair.run()

    expect(pair.b.bodies).toEqual(['small'])
    pair.close()
    expect(accountOf(pair.a.end).accepted).toBe(1)
  })
})

describe('remoteEnd()', () => {
  test('gives the side that connects to a door with a key keys of its own, of which the terms know nothing', () => {
    const [bind, connect] = remoteTerms('test', 1, 'tcp://127.0.0.1:1', 'the key of the door')

    const ends = [remoteEnd(bind), remoteEnd(connect), remoteEnd(connect)]

    expect(ends[0]?.keys).toBeUndefined()
    expect(new Set(ends.map(end => end.keys?.secretKey)).size).toBe(3)
    expect(JSON.stringify([bind, connect])).not.toMatch(/secret/i)
    expect(
      remoteTerms('test', 1, 'tcp://127.0.0.1:1', undefined)
        .map(remoteEnd)
        .map(({ keys }) => keys),
    ).toEqual([undefined, undefined])
  })
})
