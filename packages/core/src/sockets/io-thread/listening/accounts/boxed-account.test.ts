import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fillLimits } from '../../../options/listening-limits.js'
import { BOX_BYTES } from '../zmtp/zmtp.js'
import { BoxedAccount } from './boxed-account.js'
import { ARRIVAL_MS, type Meter } from './held-account.js'

const LIMITS = fillLimits({ maxConnections: 10, maxFrames: 8, maxMessageBytes: 1000 }, -1)

function letIn(meter: Meter, ...sizes: number[]): void {
  for (const size of sizes) {
    meter.begun(0, size + BOX_BYTES)
    meter.passed(size + BOX_BYTES)
    meter.ended()
  }
}

function message(id: string, ...sizes: number[]): Buffer[] {
  return [Buffer.from(id), ...sizes.map(size => Buffer.alloc(size))]
}

describe('BoxedAccount', () => {
  test('holds what was let in until it is received', () => {
    const account = new BoxedAccount(LIMITS)
    const meter = account.open()

    letIn(meter, 0, 100)
    const before = account.heldBytes
    account.cameOut(message('a', 0, 100))

    expect([before, account.heldBytes, meter.heldBytes]).toEqual([356, 0, 0])
  })

  test('knows who holds what is not finished, once it has received a whole message of each', () => {
    const account = new BoxedAccount(LIMITS)
    const [honest, other] = [account.open(), account.open()]
    letIn(honest, 0, 100)
    account.cameOut(message('a', 0, 100))

    letIn(other, ...Array.from({ length: 20 }, () => 40))
    for (let i = 0; i < 100; i++) {
      letIn(honest, 0, 50)
      account.cameOut(message('a', 0, 50))
    }

    expect([honest.isBeyond, other.isBeyond]).toEqual([false, true])
    expect([honest.heldBytes, other.heldBytes]).toEqual([0, account.heldBytes])
  })

  test('keeps nothing for pings that were answered, over days, and everything for parts of their size that were not', () => {
    const account = new BoxedAccount(LIMITS)
    const [idle, attacker] = [account.open(), account.open()]

    for (let second = 0; second < 100_000; second++) {
      letIn(idle, 7)
      idle.answered(5)
    }
    letIn(attacker, ...Array.from({ length: 9 }, () => 7))

    expect([idle.heldBytes, idle.isBeyond, attacker.isBeyond]).toEqual([0, false, true])
  })

  test('gives no credit for answers that look like pongs', () => {
    const account = new BoxedAccount(LIMITS)
    const meter = account.open()
    for (let i = 0; i < 1000; i++) {
      letIn(meter, 0, 7)
      meter.answered(5)
      account.cameOut(message('a', 0, 7))
    }

    letIn(meter, ...Array.from({ length: 9 }, () => 7))

    expect(meter.isBeyond).toBe(true)
  })

  test('forgets what a connection had not finished when it has gone, and what it had finished when that is received', () => {
    const account = new BoxedAccount(LIMITS)
    for (let i = 0; i < 5000; i++) {
      const meter = account.open()
      letIn(meter, 10_000)
      if (i % 2 === 0) account.cameOut(message(`id ${i}`, 10_000))
      letIn(meter, 0, 0, 5000)
      account.close(meter, i)
      account.settle(i + ARRIVAL_MS)
    }
    account.settle(5000 + ARRIVAL_MS)

    expect([account.heldBytes, account.unknown]).toEqual([0, 0])
  })

  test('begins anew where a routing id is taken over', () => {
    const account = new BoxedAccount(LIMITS)
    const [first, second] = [account.open(), account.open()]
    letIn(first, 100)
    account.cameOut(message('a', 100))
    letIn(second, 200)
    account.cameOut(message('a', 200))
    letIn(second, 300)
    account.cameOut(message('a', 300))

    expect([first.heldBytes, account.heldBytes >= 0]).toEqual([0, true])
  })

  test('holds exactly what is not received of connections that do not say the same', () => {
    const size = fc.integer({ min: 1, max: 500 })
    const step = fc.record({
      who: fc.integer({ min: 0, max: 3 }),
      sizes: fc.array(size, { minLength: 1, maxLength: 4 }),
      isReceived: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const account = new BoxedAccount(LIMITS)
        const meters = Array.from({ length: 4 }, () => account.open())
        const waiting: Buffer[][] = []
        for (const { who, sizes: some, isReceived } of steps) {
          // No sum of one is a sum of another.
          const sizes = some.map(part => 1000 * part + who)
          letIn(meters[who] as Meter, ...sizes)
          waiting.push(message(`id ${who}`, ...sizes))
          if (isReceived) for (const frames of waiting.splice(0)) account.cameOut(frames)
        }

        const cost = waiting.flatMap(([, ...frames]) => frames).reduce((sum, { length }) => sum + 128 + length, 0)

        expect(account.heldBytes).toBe(cost)
      }),
    )
  })
})
