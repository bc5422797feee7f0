import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OneThreadHosts } from '../fixtures/hosts/one-thread-hosts.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import type { Host } from '../host/host.js'
import { actorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'

/** A till that takes no money before it is open. */
class Till {
  readonly #context = actorContext()
  readonly taken: number[] = []
  #isOpen = false

  open(): void {
    this.#isOpen = true
    this.#context.unstashAll()
  }
  pay(amount: number): number | undefined {
    if (!this.#isOpen) {
      this.#context.stash()
      return undefined
    }
    this.taken.push(amount)
    return amount
  }
  payments(): number[] {
    return this.taken
  }
  waiting(): number {
    return this.#context.mailbox.waiting
  }
  fail(): never {
    throw new RangeError('told to')
  }
  stashAndFail(): never {
    this.#context.stash()
    throw new RangeError('told to')
  }
  stashLater(): void {
    this.#context.after(1, () => this.#context.stash())
  }
  closeForLunch(): void {
    this.#context.become({ pay: (amount: number) => -amount, reopen: () => this.#context.unbecome() })
  }
  reopen(): void {}
}
const TILL = defineActor(import.meta.url, Till)

let hosts: OneThreadHosts
let here: Host
let ref: ActorRef<Till>

expectNoLeaksAfterEach()
beforeEach(async () => {
  hosts = new OneThreadHosts()
  here = hosts.add(1)
  ref = hosts.seenFrom(hosts.main, (await hosts.spawn(here, TILL)).ref)
})
afterEach(() => hosts.close())

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    hosts.clock.turn()
    await Promise.resolve()
  }
}

async function answerOf<T>(asked: Promise<T>): Promise<T> {
  await settled()
  return asked
}

async function restart(): Promise<void> {
  await here.cell(ref.address.id)?.start({ error: new Error('again'), method: undefined })
  here.cell(ref.address.id)?.run()
  await settled()
}

describe('ActorContext.stash()', () => {
  test('puts messages aside, and unstashAll() brings them back in order, before what came since', async () => {
    const asked = ref.ask.pay(1)
    ref.tell.pay(2)
    expect(await answerOf(ref.ask.waiting())).toBe(2)

    ref.tell.open()
    ref.tell.pay(3)

    expect(await answerOf(asked)).toBe(1)
    expect(await answerOf(ref.ask.payments())).toEqual([1, 2, 3])
  })

  test('loses nothing by a restart: what was stashed is handled by the next instance', async () => {
    ref.tell.pay(1)
    ref.tell.fail()
    ref.tell.open()
    await settled()

    await restart()

    expect(await answerOf(ref.ask.payments())).toEqual([1])
  })

  test('leaves what is still stashed at the end as dead letters, and rejects its askers', async () => {
    const asked = ref.ask.pay(1).catch((error: Error) => error.name)
    ref.tell.pay(2)
    await settled()

    void here.cell(ref.address.id)?.stop('enough', new AbortController().signal)

    expect(await answerOf(asked)).toBe('ActorStoppedError')
    expect(hosts.deadLetters).toMatchObject([{ method: 'pay', args: [2], reason: 'actor-stopped' }])
  })

  test('keeps nothing of a message whose handler throws', async () => {
    const asked = ref.ask.stashAndFail().catch((error: Error) => error.message)

    expect(await answerOf(asked)).toBe('told to')
    await restart()
    expect(await answerOf(ref.ask.waiting())).toBe(0)
  })

  test('forgets a message whose asker has given up', async () => {
    const giveUp = new AbortController()
    const asked = ref
      .ask({ signal: giveUp.signal })
      .pay(1)
      .catch((error: Error) => error.name)
    await settled()

    giveUp.abort()

    expect(await answerOf(asked)).toBe('AbortError')
    expect(await answerOf(ref.ask.waiting())).toBe(0)
  })

  test('throws where no message of a sender is handled', async () => {
    ref.tell.stashLater()
    await settled()

    hosts.clock.advance(1)
    await settled()

    expect(hosts.failures).toMatchObject([{ error: { name: 'TypeError' } }])
  })
})

describe('ActorContext.become()', () => {
  test('has other methods handle messages until unbecome()', async () => {
    ref.tell.open()
    ref.tell.closeForLunch()
    const during = [await answerOf(ref.ask.pay(1)), await answerOf(ref.ask.payments())]

    ref.tell.reopen()

    expect(during).toEqual([-1, []])
    expect(await answerOf(ref.ask.pay(2))).toBe(2)
  })

  test('is over with the instance', async () => {
    ref.tell.closeForLunch()
    ref.tell.fail()
    await settled()
    await restart()

    ref.tell.open()

    expect(await answerOf(ref.ask.pay(1))).toBe(1)
  })
})
