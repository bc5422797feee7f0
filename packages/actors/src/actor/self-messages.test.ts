/* oxlint-disable unicorn/no-thenable -- It is about such objects. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OneThreadHosts } from '../fixtures/hosts/one-thread-hosts.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import type { Host } from '../host/host.js'
import { actorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'

let log: unknown[] = []
let letGo: () => void = () => undefined

class Actor {
  readonly #context = actorContext()

  after(ms: number, word: string): void {
    this.#context.after(ms, () => log.push(word))
  }
  every(ms: number, times: number): void {
    let left = times
    const timer = this.#context.every(ms, () => {
      log.push(hosts.clock.now())
      left -= 1
      if (left === 0) timer.cancel()
    })
  }
  cancelled(): void {
    this.#context.after(5, () => log.push('never')).cancel()
  }
  /** Takes back what has come while this message is handled, and waits. */
  async cancelWaiting(): Promise<void> {
    const timers = [this.#context.after(5, () => log.push('never')), this.#context.every(5, () => log.push('never'))]
    await new Promise<void>(resolve => (letGo = resolve))
    for (const timer of timers) timer.cancel()
  }
  failLater(ms: number): void {
    this.#context.after(ms, () => {
      throw new RangeError('by timer')
    })
  }
  async hold(): Promise<void> {
    await new Promise<void>(resolve => (letGo = resolve))
    log.push('held')
  }
  /** A promise does not travel between threads, so its parameter could not be one. Inside a thread an object brings it. */
  pipe({ promise }: { readonly promise: PromiseLike<string> }): void {
    this.#context.pipe(
      promise,
      value => log.push(value),
      (error: unknown) => log.push((error as Error).message),
    )
  }
  pipeBare({ promise }: { readonly promise: PromiseLike<string> }): void {
    this.#context.pipe(promise, value => log.push(value))
  }
  stopWhenIdle(ms: number): void {
    this.#context.whenIdle(ms, () => {
      log.push(`idle at ${hosts.clock.now()}`)
      this.#context.stop()
    })
  }
  touch(): void {}
  fail(): never {
    throw new RangeError('told to')
  }
  negative(): void {
    this.#context.every(-1, () => undefined)
  }
}
const ACTOR = defineActor(import.meta.url, Actor)

let hosts: OneThreadHosts
let here: Host
let ref: ActorRef<Actor>

expectNoLeaksAfterEach()
beforeEach(async () => {
  log = []
  hosts = new OneThreadHosts()
  here = hosts.add(1)
  ref = (await hosts.spawn(here, ACTOR)).ref
})
afterEach(() => {
  letGo()
  hosts.close()
})

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    hosts.clock.turn()
    await Promise.resolve()
  }
}

async function advance(ms: number): Promise<void> {
  await settled()
  for (let passed = 0; passed < ms; passed++) {
    hosts.clock.advance(1)
    await settled()
  }
}

describe('ActorContext.after()', () => {
  test('runs once, as a message: not while another is handled', async () => {
    ref.tell.after(5, 'timer')
    ref.tell.hold()
    await advance(10)
    const during = [...log]

    letGo()
    await advance(10)

    expect([during, log]).toEqual([[], ['held', 'timer']])
  })

  test('runs no more when it was cancelled', async () => {
    ref.tell.cancelled()

    await advance(10)

    expect(log).toEqual([])
  })

  test('runs no more when it is cancelled while it waits in the mailbox, nor does every()', async () => {
    ref.tell.cancelWaiting()
    await advance(10)

    letGo()
    await advance(20)

    expect([log, hosts.clock.timers]).toEqual([[], 0])
  })

  test('fails the actor when it throws', async () => {
    ref.tell.failLater(5)

    await advance(10)

    expect(hosts.failures).toMatchObject([{ error: { message: 'by timer' }, method: 'a message to itself' }])
  })

  test('does not outlive the instance that wanted it', async () => {
    ref.tell.after(5, 'timer')
    ref.tell.fail()
    await settled()

    await here.cell(ref.address.id)?.start({ error: new Error('again'), method: undefined })
    here.cell(ref.address.id)?.run()
    await advance(10)

    expect([log, hosts.clock.timers]).toEqual([[], 0])
  })

  test('refuses a time that is none', async () => {
    const asked = ref.ask.negative()
    await settled()

    await expect(asked).rejects.toBeInstanceOf(RangeError)
  })
})

describe('ActorContext.every()', () => {
  test('runs again and again, until it is cancelled', async () => {
    ref.tell.every(10, 3)

    await advance(100)

    expect(log).toEqual([10, 20, 30])
  })

  test('never piles up behind a message that takes long', async () => {
    ref.tell.every(10, 3)
    ref.tell.hold()
    await advance(35)

    letGo()
    await advance(20)

    expect(log).toEqual(['held', 35, 45, 55])
  })
})

describe('ActorContext.pipe()', () => {
  test('brings what a promise comes to as a message', async () => {
    ref.tell.pipe({ promise: Promise.resolve('value') })
    ref.tell.pipe({ promise: Promise.reject(new Error('error')) })

    await settled()

    expect(log).toEqual(['value', 'error'])
  })

  test('fails the actor by a rejection that no handler takes', async () => {
    ref.tell.pipeBare({ promise: Promise.reject(new Error('nobody takes it')) })

    await settled()

    expect(hosts.failures).toMatchObject([{ error: { message: 'nobody takes it' } }])
  })

  test('brings the first word of a promise of others, once, and none to a later instance', async () => {
    let resolveLate: (value: string) => void = () => undefined
    const chatty = (words: number): PromiseLike<string> =>
      ({
        then: (resolve: (value: string) => void, reject: (error: unknown) => void) => {
          resolveLate = resolve
          for (let word = 0; word < words; word++) resolve(`word ${word}`)
          if (words > 0) reject(new Error('late'))
        },
      }) as unknown as PromiseLike<string>
    ref.tell.pipe({ promise: chatty(2) })
    await settled()
    ref.tell.pipe({ promise: chatty(0) })
    ref.tell.fail()
    await settled()
    await here.cell(ref.address.id)?.start({ error: new Error('again'), method: undefined })
    here.cell(ref.address.id)?.run()

    resolveLate('to the next')
    await settled()

    expect(log).toEqual(['word 0'])
  })

  test('takes what cannot be awaited as a rejection', async () => {
    ref.tell.pipe({
      promise: {
        get then(): never {
          throw new RangeError('no')
        },
      },
    })

    await settled()

    expect(log).toEqual(['no'])
  })

  test('refuses what is no promise', async () => {
    const refusal = ref.ask.pipe({ promise: 5 as unknown as Promise<string> }).catch((error: unknown) => error)

    await settled()

    expect(await refusal).toBeInstanceOf(TypeError)
  })

  test('drops what comes after the instance that wanted it', async () => {
    let resolve: (value: string) => void = () => undefined
    ref.tell.pipe({ promise: new Promise<string>(settle => (resolve = settle)) })
    ref.tell.fail()
    await settled()
    await here.cell(ref.address.id)?.start({ error: new Error('again'), method: undefined })
    here.cell(ref.address.id)?.run()

    resolve('late')
    await settled()

    expect(log).toEqual([])
  })
})

describe('ActorContext.whenIdle()', () => {
  test('runs when nothing has come for the time, counted from the last message', async () => {
    ref.tell.stopWhenIdle(10)
    await advance(6)
    ref.tell.touch()
    await advance(6)
    const before = [...log]

    await advance(6)

    expect([before, log, hosts.stopRequests]).toEqual([[], ['idle at 16'], [ref.address.id]])
  })

  test('does not run while a message is handled', async () => {
    ref.tell.stopWhenIdle(10)
    ref.tell.hold()
    await advance(25)
    const during = [...log]

    letGo()
    await advance(11)

    expect([during, log.slice(0, 2)]).toEqual([[], ['held', 'idle at 35']])
  })
})
