import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OneThreadHosts } from '../fixtures/hosts/one-thread-hosts.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { defineActor } from '../model/definition.js'
import type { LinkError } from '../model/errors.js'

class Listener {
  readonly #heard: number[] = []

  hear(number: number): number {
    this.#heard.push(number)
    return number
  }

  heard(): number[] {
    return this.#heard
  }

  async *count(limit: number): AsyncGenerator<number> {
    for (let number = 1; number <= limit; number++) yield number
  }
}
const definition = defineActor(import.meta.url, Listener)

expectNoLeaksAfterEach()

let hosts: OneThreadHosts
beforeEach(() => {
  hosts = new OneThreadHosts()
})
afterEach(() => hosts.close())

describe.each([
  ['that asks', 1],
  ['that is asked', 2],
])('when the host %s has no descriptor for a link', (_name, refusing) => {
  test('what was sent is given back, and what is sent later arrives', async () => {
    const [here, there] = [hosts.add(1), hosts.add(2)]
    const { ref } = await hosts.spawn(there, definition)
    const seen = hosts.seenFrom(here, ref)
    hosts.refuseLinks(refusing, 1)

    seen.tell.hear(1)
    const [asked, streamed] = [seen.ask.hear(2), seen.stream.count(2)[Symbol.asyncIterator]().next()]

    for (const refused of [asked, streamed])
      await expect(refused).rejects.toMatchObject({ code: 'ZERA_LINK', host: 2 } satisfies Partial<LinkError>)
    expect(hosts.deadLetters).toMatchObject([
      {
        target: { host: 2, id: ref.address.id },
        method: 'hear',
        args: [1],
        reason: 'no-link',
        progress: 'not-begun',
        error: { code: 'ZERA_LINK' },
      },
    ])
    expect(await seen.ask.hear(3)).toBe(3)
    expect(await seen.ask.heard()).toEqual([3])
    expect(here.messenger.asks.size).toBe(0)
  })

  test('it is tried again for the next message, as often as it takes', async () => {
    const [here, there] = [hosts.add(1), hosts.add(2)]
    const { ref } = await hosts.spawn(there, definition)
    const seen = hosts.seenFrom(here, ref)
    hosts.refuseLinks(refusing, 5)

    const outcomes: unknown[] = []
    for (let ask = 1; ask <= 7; ask++) outcomes.push(await seen.ask.hear(ask).catch((error: Error) => error.name))

    expect(outcomes).toEqual([...Array.from({ length: 5 }, () => 'LinkError'), 6, 7])
    expect(hosts.deadLetters).toEqual([])
  })
})
