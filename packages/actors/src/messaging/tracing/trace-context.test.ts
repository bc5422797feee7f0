import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import quotes, { prices } from '../../fixtures/actors/talking/quotes.js'
import traced from '../../fixtures/actors/talking/traced.js'
import { OneThreadHosts } from '../../fixtures/hosts/one-thread-hosts.js'
import { actorContext, defineActor } from '../../index.js'
import { traceparentToSend, withTraceparent } from './trace-context.js'

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

let hosts: OneThreadHosts
beforeEach(() => (hosts = new OneThreadHosts()))
afterEach(() => hosts.close())

describe('withTraceparent()', () => {
  test('sends what is sent until the first await with a traceparent, and nothing after', async () => {
    let after: string | undefined = TRACEPARENT
    const run = withTraceparent(TRACEPARENT, async () => {
      expect(traceparentToSend()).toBe(TRACEPARENT)
      expect(withTraceparent(undefined, traceparentToSend)).toBeUndefined()
      expect(traceparentToSend()).toBe(TRACEPARENT)
      await Promise.resolve()
      after = traceparentToSend()
    })
    await run

    expect(after).toBeUndefined()
  })

  test.each([
    '',
    'rubbish',
    TRACEPARENT.toUpperCase(),
    `ff${TRACEPARENT.slice(2)}`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
    `${TRACEPARENT}"]`,
  ])('refuses %j', traceparent => {
    expect(() => withTraceparent(traceparent, () => undefined)).toThrow(TypeError)
  })
})

describe('context.traceparent', () => {
  test('is what a message was sent with, and goes with what its handler sends, from host to host', async () => {
    const [one, two] = [hosts.add(1), hosts.add(2)]
    const a = await hosts.spawn(one, traced, 16)
    const b = await hosts.spawn(one, traced, 17)
    const c = await hosts.spawn(two, traced, 18)
    const d = await hosts.spawn(one, traced, 19)
    const start = hosts.seenFrom(hosts.main, a.ref)

    expect(await withTraceparent(TRACEPARENT, () => start.ask.pass(b.ref, c.ref, d.ref))).toBe(TRACEPARENT)
    expect(await start.ask.pass(b.ref, c.ref)).toBeUndefined()
  })

  test('is there after an await, and goes on by withTraceparent()', async () => {
    const one = hosts.add(1)
    const a = await hosts.spawn(one, traced, 16)
    const b = await hosts.spawn(one, traced, 17)

    const answers = withTraceparent(TRACEPARENT, () => hosts.seenFrom(hosts.main, a.ref).ask.passLater(b.ref))

    expect(await answers).toEqual([undefined, TRACEPARENT])
  })

  test('comes with a publication, to hearers of all hosts', async () => {
    const heard: (string | undefined)[] = []
    class Listener {
      readonly #context = actorContext()
      onPrice(): void {
        heard.push(this.#context.traceparent)
      }
    }
    const listener = defineActor(import.meta.url, Listener)
    const one = hosts.add(1)
    for (const [host, id] of [
      [one, 20],
      [hosts.main, 21],
    ] as const) {
      const { ref } = await hosts.spawn(host, listener, id)
      await hosts.main.directory.topic(prices).subscribe(ref, 'onPrice')
    }
    const publisher = await hosts.spawn(one, quotes, 22)

    await withTraceparent(TRACEPARENT, () => publisher.ref.ask.publish('key', 1))
    await expect.poll(() => heard).toEqual([TRACEPARENT, TRACEPARENT])
  })

  test('stays with a message that is delivered again', async () => {
    class Again {
      readonly #context = actorContext()
      async hold(): Promise<unknown> {
        if (this.#context.redelivered === 0) await new Promise(() => undefined)
        return [this.#context.redelivered, this.#context.traceparent]
      }
    }
    const again = defineActor(import.meta.url, Again, { redeliver: true })
    const { cell, ref } = await hosts.spawn(hosts.add(1), again, 16)
    const answer = withTraceparent(TRACEPARENT, () => hosts.seenFrom(hosts.main, ref).ask.hold())
    await expect.poll(() => cell.context.traceparent).toBe(TRACEPARENT)

    hosts.kill(1)
    await hosts.spawn(hosts.add(1), again, 16)

    expect(await answer).toEqual([1, TRACEPARENT])
  })
})
