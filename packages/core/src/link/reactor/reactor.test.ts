import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import { eventLoopTurned, monotonicMs, sleep } from '../../base/runtime/real-timers.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { LinkPair } from '../../fixtures/links/link-pair.js'
import { nextValue, startFixture } from '../../fixtures/threads/threads.js'
import { uncaughtOf } from '../../fixtures/uncaught.js'
import type { Link } from '../link.js'
import { reactor } from './reactor.js'

expectNoLeaksAfterEach()

const STEPS = ['flush', 'ringPeer', 'receive', 'refusal', 'pass', 'hasFrames', 'awaitsSlots'] as const
type Step = (typeof STEPS)[number]

/** Something in the place of a link, of which a step throws when it is taken first. */
class BrokenLink {
  readonly isClosed = false
  closed = 0
  readonly #step: Step
  #isBroken = true

  constructor(step: Step) {
    this.#step = step
  }

  get hasFrames(): boolean {
    this.#at('hasFrames')
    return ['receive', 'refusal', 'pass'].includes(this.#step) && this.#isBroken
  }
  get awaitsSlots(): boolean {
    this.#at('awaitsSlots')
    return false
  }
  flush(): void {
    this.#at('flush')
  }
  ringPeer(): void {
    this.#at('ringPeer')
  }
  receive(): Promise<readonly Buffer[]> {
    this.#at('receive')
    return this.#step === 'refusal' ? this.#refuse() : Promise.resolve([])
  }
  pass(): void {
    this.#at('pass')
  }
  close(): void {
    this.closed += 1
  }

  async #refuse(): Promise<never> {
    this.#at('refusal')
    throw new Error('it was not broken')
  }

  #at(step: string): void {
    if (step !== this.#step || !this.#isBroken) return
    this.#isBroken = false
    throw new RangeError(step)
  }
}

/** After so many milliseconds a turn yields to the event loop for sure. */
const LONG_TURN_MS = 10

describe('Reactor', () => {
  test.each(STEPS)('goes on when a link throws in %s', async step => {
    await using thread = await startFixture('obey')
    const broken = new BrokenLink(step)
    const link = broken as unknown as Link

    const uncaught = await uncaughtOf(1, async () => {
      reactor.add(link)
      reactor.flushLater(link)
      if (step === 'ringPeer') reactor.ringLater(link)
      thread.pipe.send('ping')
      await nextValue(thread)
    })
    reactor.remove(link)
    thread.pipe.send('ping')
    await nextValue(thread)

    expect(uncaught).toMatchObject([{ message: step }])
    // What cannot be read of a link is not known to be its fault.
    expect(broken.closed).toBe(step === 'hasFrames' || step === 'awaitsSlots' ? 0 : 1)
  })

  test('lets timers and immediates run while threads answer each other without end', async () => {
    await using thread = await startFixture('obey')
    const fired: string[] = []
    setTimeout(() => fired.push('timer'), 1)
    setImmediate(() => fired.push('immediate'))

    while (fired.length < 2) {
      thread.pipe.send('ping')
      await nextValue(thread)
    }

    expect(fired.toSorted()).toEqual(['immediate', 'timer'])
  })

  test('lets timers run while messages arrive without end', async () => {
    await using thread = await startFixture('obey')
    const fired: string[] = []
    setTimeout(() => fired.push('timer'), 1)
    let underWay = 0

    while (fired.length < 1) {
      for (; underWay < 2000; underWay++) thread.pipe.send(underWay)
      await nextValue(thread)
      underWay -= 1
    }

    expect(fired).toEqual(['timer'])
  })

  test('wakes up for what arrives, whenever code sends that runs outside of a turn', async () => {
    await using thread = await startFixture('obey')
    const waits = [eventLoopTurned, ticked, () => sleep(0), () => awaited(1), () => awaited(20)]
    const arrived: unknown[] = []

    for (let number = 0; number < 1000; number++) {
      await waits[number % waits.length]?.()
      thread.pipe.send(number)
      arrived.push(await nextValue(thread))
    }

    expect(arrived).toEqual(Array.from({ length: 1000 }, (_, number) => number))
  })

  test('sends in few frames what code posts that awaits again and again', async () => {
    using pair = await metPair()
    let posted = 0
    const post = async (): Promise<void> => {
      pair.bind.outbox.post(`${posted++}`)
      await awaited(20)
    }
    // A turn that is short yet sends each by itself, as many as a machine can in that time.
    const longAt = monotonicMs() + LONG_TURN_MS
    while (monotonicMs() < longAt) await post()
    const before = pair.connect.lastFrame

    for (let number = 0; number < 1000; number++) await post()
    await pair.connectInbox.until(() => pair.connectInbox.messages.length === posted)

    expect(pair.connect.lastFrame - before).toBeLessThan(10)
  })

  test('lets ticks run between turns, also when frames arrive without end', async () => {
    using pair = await metPair()
    const play = { messages: 0 }
    const waited: number[] = []
    const answer = (link: Link, slot: number): void => {
      play.messages += 1
      const asked = play.messages
      process.nextTick(() => waited.push(play.messages - asked))
      link.finish(slot)
      if (play.messages < 1000) link.outbox.post('"again"')
    }
    pair.bindInbox.message = (_, slot) => answer(pair.bind, slot)
    pair.connectInbox.message = (_, slot) => answer(pair.connect, slot)

    pair.bind.outbox.post('"first"')
    while (play.messages < 1000) await eventLoopTurned()

    expect(Math.max(...waited)).toBeLessThan(10)
  })

  test('turns in no async context, also when code of a request has sent', async () => {
    using pair = await metPair()
    const request = new AsyncLocalStorage<string>()
    const stores: unknown[] = []
    pair.connectInbox.message = () => void stores.push(request.getStore())

    for (let number = 0; number < 10; number++) {
      await eventLoopTurned()
      request.run('request', () => pair.bind.outbox.post('"asked"'))
    }
    while (stores.length < 10) await eventLoopTurned()

    expect(stores).toEqual(Array.from({ length: 10 }, () => undefined))
  })
})

/** A link whose sides have met, so that both may send. */
async function metPair(): Promise<LinkPair> {
  const pair = new LinkPair().open()
  pair.connect.signal({ signal: 'met' })
  await pair.bindInbox.until(() => pair.bindInbox.signals.length === 1)
  return pair
}

function ticked(): Promise<void> {
  return new Promise(resolve => process.nextTick(resolve))
}

async function awaited(times: number): Promise<void> {
  for (let time = 0; time < times; time++) await Promise.resolve()
}
