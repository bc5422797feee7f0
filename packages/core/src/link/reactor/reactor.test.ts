import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
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
})
