import { setEnvironmentData } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { leftAlone, STUBBORN, stubbornWords } from '../fixtures/actors/failing/stubborn.js'
import tally, { TALLY } from '../fixtures/actors/talking/tally.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { startSystem, type DeadLetter } from '../index.js'

expectNoLeaksAfterEach()

describe('an actor with redeliver, in a system', () => {
  test('misses no message and keeps their order, however often its thread is killed', async () => {
    const words = new Int32Array(new SharedArrayBuffer(TALLY.words * 4))
    setEnvironmentData('tally', words.buffer)
    await using system = await startSystem({ threads: 1, handleSignals: false })
    const deadLetters: DeadLetter[] = []
    system.events.on('dead-letter', letter => deadLetters.push(letter))
    const ref = await system.spawn(tally, { maxRestarts: Infinity })
    const [kills, numbers] = [8, 20_000]

    let sent = 0
    let answered = 0
    let lostAnswers = 0
    const asks: Promise<unknown>[] = []
    for (let kill = 0; kill < kills; kill++) {
      const until = (numbers / kills) * (kill + 1)
      while (sent < until) {
        sent += 1
        if (sent % 10 > 0) ref.tell.take(sent)
        else
          asks.push(
            ref
              .ask({ timeoutMs: 60_000 })
              .take(sent)
              .then(
                () => (answered += 1),
                (error: { progress?: string }) => (lostAnswers += error.progress === 'handled' ? 1 : 1e6),
              ),
          )
      }
      // In the middle of its work.
      await expect
        .poll(() => words[TALLY.last], { timeout: 20_000, interval: 1 })
        .toBeGreaterThan(until - numbers / kills)
      await system.killHost(ref)
    }
    await Promise.all(asks)
    await expect.poll(() => words[TALLY.last], { timeout: 20_000 }).toBe(numbers)

    expect(words[TALLY.wrong]).toBe(0)
    expect(answered + lostAnswers).toBe(asks.length)
    expect(deadLetters).toEqual([])
  })

  test('needs no redeliver to miss nothing that it had not begun when its thread is killed for another actor that does not stop', async () => {
    const words = stubbornWords()
    await using system = await startSystem({ threads: 1, handleSignals: false })
    const [spinning, neighbour] = [await system.spawn(leftAlone, { shutdownMs: 0 }), await system.spawn(leftAlone)]
    const deadLetters: DeadLetter[] = []
    system.events.on('dead-letter', letter => deadLetters.push(letter))
    spinning.tell.spin()
    await expect.poll(() => words[STUBBORN.begun]).toBe(1)
    for (let number = 1; number <= 100; number++) neighbour.tell.take(number)

    await system.stop(spinning)
    await expect.poll(() => words[STUBBORN.last], { timeout: 20_000 }).toBe(100)

    expect(words[STUBBORN.wrong]).toBe(0)
    expect(deadLetters.map(({ method, progress }) => [method, progress])).toEqual([['spin', 'begun']])
  })

  test('gives a message up that kills its thread each time, and goes on with those behind it', async () => {
    const words = new Int32Array(new SharedArrayBuffer(TALLY.words * 4))
    setEnvironmentData('tally', words.buffer)
    await using system = await startSystem({ threads: 1, handleSignals: false })
    const deadLetters: DeadLetter[] = []
    system.events.on('dead-letter', letter => deadLetters.push(letter))
    const ref = await system.spawn(tally, { maxRestarts: 10 })

    ref.tell.take(1)
    ref.tell.exit()
    ref.tell.take(2)

    expect(await ref.ask({ timeoutMs: 30_000 }).take(3)).toBe(3)
    expect([...words]).toEqual([3, 0, 0])
    expect(deadLetters.map(({ method, reason, progress }) => [method, reason, progress])).toEqual([
      ['exit', 'poison', 'begun'],
    ])
  })
})
