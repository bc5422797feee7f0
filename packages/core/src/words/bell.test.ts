import { describe, expect, test } from 'vitest'
import { eventLoopTurned } from '../base/runtime/real-timers.js'
import { runProgram } from '../fixtures/run-program.js'
import { Bell } from './bell.js'

/** The same bell, as its owner and as another thread hold it. */
function bells(): { own: Bell; others: Bell; words: Int32Array } {
  const words = new Int32Array(new SharedArrayBuffer(8))
  return { own: new Bell(words), others: new Bell(words), words }
}

/** Resolves when a sleep has ended, with whether there was one. */
function slept(own: Bell, seen: number): Promise<boolean> {
  return new Promise(resolve => {
    if (!own.sleep(seen, () => resolve(true))) resolve(false)
  })
}

describe('Bell', () => {
  test('sleep() ends at a ring', async () => {
    const { own, others } = bells()
    const sleeping = slept(own, own.rings)

    others.ring()

    expect([await sleeping, own.rings]).toEqual([true, 1])
  })

  test('sleep() ends at once when it has rung since', async () => {
    const { own, others } = bells()
    const seen = own.rings
    others.ring()

    expect(await slept(own, seen)).toBe(false)
    expect(own.rings).not.toBe(seen)
  })

  test('ring() wakes a sleeper once, however often it rings', async () => {
    const { own, others, words } = bells()
    const sleeping = slept(own, own.rings)
    const asleep = [words[1]]

    others.ring()
    asleep.push(words[1])
    others.ring()

    await sleeping
    expect(asleep).toEqual([1, 0])
    expect(own.rings).toBe(2)
  })

  test('spin() says whether it has rung in time', () => {
    const { own, others } = bells()
    const seen = own.rings

    const before = own.spin(seen, 0, () => true)
    others.ring()

    expect([before, own.spin(seen, 0, () => true)]).toEqual([false, true])
  })

  test('sleep() can follow sleep()', async () => {
    const { own, others } = bells()

    for (let time = 0; time < 100; time++) {
      const sleeping = slept(own, own.rings)
      others.ring()
      await sleeping
    }

    expect(own.rings).toBe(100)
  })

  test('rings goes on when its count wraps around', async () => {
    const { own, others, words } = bells()
    words[0] = 2 ** 31 - 1
    const seen = own.rings

    others.ring()

    expect(own.rings).not.toBe(seen)
    expect(await slept(own, seen)).toBe(false)
  })

  test('rouse() keeps rings from waking the owner, which finds them when it sleeps again', async () => {
    const { own, others, words } = bells()
    const seen = own.rings
    let wakes = 0
    own.sleep(seen, () => (wakes += 1))

    own.rouse()
    others.ring()
    const asleep = words[1]

    expect([asleep, await slept(own, seen), wakes]).toEqual([0, false, 0])
  })

  test('sleep() after rouse() ends at a ring', async () => {
    const { own, others } = bells()
    const seen = own.rings
    own.sleep(seen, () => undefined)
    own.rouse()
    const sleeping = slept(own, seen)

    others.ring()

    expect(await sleeping).toBe(true)
  })

  test('a wake that is under way when the owner gets up wakes nothing', async () => {
    const { own, others } = bells()
    let wakes = 0
    own.sleep(own.rings, () => (wakes += 1))

    others.ring()
    own.rouse()
    await eventLoopTurned()
    await eventLoopTurned()
    const sleeping = slept(own, own.rings)
    others.ring()

    expect([await sleeping, wakes]).toEqual([true, 0])
  })

  test('ring() leaves a sleep as it is that began when this ring was seen', async () => {
    const { own, others, words } = bells()
    words[0] = 5
    const sleeping = slept(own, 5)

    // A thread that was held up in its ring: it had rung for the fifth time, and goes on now.
    words[0] = 4
    others.ring()
    const isAsleep = words[1] !== 0
    others.ring()

    expect([isAsleep, await sleeping, own.rings]).toEqual([true, true, 6])
  })

  test('wakes its owner after threads were killed that rang it', async () => {
    const ended = await runProgram('threads/waiting/dies-ringing', [30])

    expect(ended).toEqual({ code: 0, signal: null, stdout: 'awake after 30\n', stderr: '' })
  })

  test("no wake is lost between two threads that ring, sleep and get up in each other's midst", async () => {
    const ended = await runProgram('threads/waiting/plays-ball', [20_000])

    expect(ended).toEqual({ code: 0, signal: null, stdout: 'over 20000\n', stderr: '' })
  })
})
