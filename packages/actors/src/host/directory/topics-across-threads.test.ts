import { setEnvironmentData } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import journal, { journalLines, untilWritten, type Journal } from '../../fixtures/actors/journal.js'
import quotes, { type Quotes } from '../../fixtures/actors/talking/quotes.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { startSystem, type ActorRef, type System } from '../../index.js'

expectNoLeaksAfterAll()
const heard = new Int32Array(new SharedArrayBuffer(4))
let system: System
let writer: ActorRef<Journal>
beforeAll(async () => {
  setEnvironmentData('heard', heard.buffer)
  system = await startSystem({ threads: 2, handleSignals: false })
  writer = await system.spawn(journal, { placement: 'main' })
})
afterAll(() => system.stop())

const spawn = (name: string): Promise<ActorRef<Quotes>> => system.spawn(quotes, { name, props: { journal: writer } })

describe('a topic, in a system', () => {
  test('goes from thread to thread while the main thread is blocked', async () => {
    const [a, b] = await Promise.all([spawn('a'), spawn('b')])
    expect(a.address.host).not.toBe(b.address.host)
    await a.ask.hear('')
    await b.ask.publish('linked', 1)
    await untilWritten(`a hears linked at 1 from ${b.address.id}`)

    await b.ask.publishSoon('blocked', 2)
    const outcome = Atomics.wait(heard, 0, 1, 10_000)

    expect(outcome).not.toBe('timed-out')
    expect(journalLines()).not.toContain(`a hears blocked at 2 from ${b.address.id}`)
    await untilWritten(`a hears blocked at 2 from ${b.address.id}`)
    for (const ref of [a, b]) await system.stop(ref)
  })

  test('ends a subscription when its actor is stopped, and is heard again by one that is restarted with its thread', async () => {
    const [a, b, c] = await Promise.all([spawn('a'), spawn('b'), spawn('c')])
    for (const ref of [a, b]) await ref.ask.hear('')
    await system.stop(b)
    await system.killHost(a)
    await untilFound('a')

    await c.ask({ timeoutMs: 20_000 }).publish('late', 3)
    await untilWritten(`a hears late at 3 from ${c.address.id}`)

    expect(journalLines().filter(line => line.startsWith('b hears late'))).toEqual([])
  })

  test('looks names up from every thread', async () => {
    const c = await system.lookup('c', quotes)

    expect(await c?.ask.find('a')).toBe((await system.lookup('a'))?.address.id)
    expect(await system.lookup('b')).toBeUndefined()
  })
})

async function untilFound(name: string): Promise<void> {
  const ref = await system.lookup(name, quotes)
  await expect
    .poll(() =>
      ref?.ask.lines().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
}
