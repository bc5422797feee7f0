import { SharedBlock } from '@zera/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import quotes, { prices, Quotes } from '../../fixtures/actors/talking/quotes.js'
import { OneThreadHosts } from '../../fixtures/hosts/one-thread-hosts.js'
import { actorContext, defineActor, defineTopic } from '../../index.js'
import { SYSTEM } from '../../model/address.js'
import { MailboxFullError, WaitTimeoutError } from '../../model/errors.js'
import type { WaitOptions } from '../../model/protocol.js'
import type { ActorRef } from '../../model/refs/ref.js'

let hosts: OneThreadHosts
beforeEach(() => (hosts = new OneThreadHosts()))
afterEach(() => hosts.close())

/** Starts as many, the first two on one host. */
async function spawnQuotes() {
  const [one, two] = [hosts.add(1), hosts.add(2)]
  const a = await hosts.spawn(one, quotes, 16, 'a')
  const b = await hosts.spawn(one, quotes, 17, 'b')
  const c = await hosts.spawn(two, quotes, 18, 'c')
  return { one, two, a: a.ref, b: b.ref, c: c.ref }
}

const linesOf = (...refs: readonly ActorRef<Quotes>[]): Promise<(readonly string[])[]> =>
  Promise.all(refs.map(ref => ref.ask.lines()))

describe('lookup()', () => {
  test('finds an actor by its name from any host, with the type that it is said to have', async () => {
    const { b, c } = await spawnQuotes()

    expect(await c.ask.find('a')).toBe(16)
    expect(await b.ask.find('nobody')).toBeUndefined()
    const found = await hosts.main.directory.lookup('c', quotes)
    found?.tell.onPrice({ cents: 1 }, 'key')
    expect(await found?.ask.lines()).toEqual(['c hears key at 1 from undefined'])
  })

  test('throws a TypeError when the actor is of another definition', async () => {
    await spawnQuotes()
    class Other {
      act(): void {}
    }
    const other = defineActor(import.meta.url, Other)

    await expect(hosts.main.directory.lookup('a', other)).rejects.toThrow(TypeError)
  })

  test('does not find one that has not started, or has stopped; one that is restarted is found', async () => {
    const { a } = await spawnQuotes()
    const data = { ...a.data, id: 30, name: 'new' }

    hosts.registry.starting(data)
    expect(await hosts.main.directory.lookup('new')).toBeUndefined()
    hosts.registry.started(30, quotes)
    hosts.registry.starting(data)
    expect((await hosts.main.directory.lookup('new'))?.address.id).toBe(30)
    hosts.registry.gone(30)
    expect(await hosts.main.directory.lookup('new')).toBeUndefined()
  })
})

describe('What waits for the main thread', () => {
  /** What waits when that does not answer. */
  async function waitAll(options: WaitOptions): Promise<unknown[]> {
    const { one, a } = await spawnQuotes()
    const never = (): Promise<never> => new Promise(() => undefined)
    hosts.main.addService(SYSTEM.id, { lookup: never, enrol: never })
    const [team, topic] = [one.directory.group<Quotes>('team'), one.directory.topic(prices)]
    const waits = [
      one.directory.lookup('c', quotes, options),
      team.join(a, options),
      team.leave(a, options),
      topic.subscribe(a, 'onPrice', '', options),
      topic.unsubscribe(a, 'onPrice', '', options),
    ].map(wait => wait.catch((error: unknown) => error))
    await new Promise<void>(resolve => setImmediate(resolve))
    hosts.clock.advance(100)
    const outcomes = await Promise.all(waits)
    expect(one.messenger.asks.size).toBe(0)
    return outcomes
  }

  test('waits no longer than timeoutMs', async () => {
    const outcomes = await waitAll({ timeoutMs: 100 })

    expect(outcomes.every(error => error instanceof WaitTimeoutError)).toBe(true)
    expect(outcomes.map(error => (error as WaitTimeoutError).leaves)).toEqual([
      'nothing',
      'work',
      'work',
      'work',
      'work',
    ])
  })

  test('begins nothing with a signal that has aborted', async () => {
    const outcomes = await waitAll({ signal: AbortSignal.abort('enough') })

    expect(new Set(outcomes)).toEqual(new Set(['enough']))
  })
})

describe('ActorRef.ready()', () => {
  test('waits no longer than timeoutMs, or until its signal aborts', async () => {
    class Busy {
      hang(): Promise<never> {
        return new Promise(() => undefined)
      }
    }
    const busy = defineActor(import.meta.url, Busy, { mailbox: { maxMessages: 8 } })
    const { ref } = await hosts.spawn(hosts.add(1), busy)
    while (ref.tell.hang());
    const abort = new AbortController()

    const waits = [ref.ready({ timeoutMs: 100 }), ref.ready({ signal: abort.signal })].map(wait =>
      wait.catch((error: unknown) => error),
    )
    hosts.clock.advance(100)
    abort.abort('enough')

    expect(await waits[0]).toBeInstanceOf(WaitTimeoutError)
    expect(await waits[1]).toBe('enough')
  })
})

describe('GroupRef', () => {
  test('tells all members, wherever they are, each a copy of its own', async () => {
    const { a, b, c } = await spawnQuotes()
    for (const ref of [a, b, c]) await ref.ask.join('team')

    expect(await a.ask.tellGroup('team', 'key', 5)).toBe(true)

    expect(await linesOf(a, b, c)).toEqual([
      ['a hears key at 5 from 16'],
      ['b hears key at 5 from 16'],
      ['c hears key at 5 from 16'],
    ])
  })

  test('is known on every host when join() resolves, and on a host that comes later', async () => {
    const { a } = await spawnQuotes()
    await hosts.main.directory.group('team').join(hosts.seenFrom(hosts.main, a))

    const later = hosts.add(3)
    await hosts.spawn(later, quotes, 19, 'd')

    expect(later.directory.group('team').members.map(({ name }) => name)).toEqual(['a'])
  })

  test('loses a member that leaves, and one that has stopped', async () => {
    const { two, a, b, c } = await spawnQuotes()
    for (const ref of [a, b, c]) await ref.ask.join('team')
    const team = two.directory.group('team')

    await team.leave(a)
    hosts.registry.gone(c.address.id)
    await b.ask.join('team')

    expect(team.members.map(({ name }) => name)).toEqual(['b'])
  })

  test('takes no actor that is not running', async () => {
    const { one, a } = await spawnQuotes()
    hosts.registry.gone(a.address.id)

    await expect(one.directory.group('team').join(a)).rejects.toMatchObject({ code: 'ZERA_ACTOR_STOPPED' })
  })

  test('tells the others when the tell to one of them throws, and throws that error', async () => {
    class Full {
      onPrice(): void {}
    }
    const full = defineActor(import.meta.url, Full, { mailbox: { maxMessages: 1, overflow: 'fail' } })
    const { one, a } = await spawnQuotes()
    const { ref } = await hosts.spawn(one, full, 40)
    const team = one.directory.group<Quotes>('team')
    await team.join(ref as unknown as ActorRef<Quotes>)
    await team.join(a)

    expect(() => {
      team.tell.onPrice({ cents: 1 }, 'key')
      team.tell.onPrice({ cents: 2 }, 'key')
    }).toThrow(MailboxFullError)

    expect(await linesOf(a)).toEqual([['a hears key at 1 from undefined', 'a hears key at 2 from undefined']])
  })
})

describe('TopicRef', () => {
  test('reaches all subscribers of the key, on all hosts, with the address of the publisher, in the order of the publications', async () => {
    const { a, b, c } = await spawnQuotes()
    await a.ask.hear('NYSE.')
    await b.ask.hear('')
    await c.ask.hear('NYSE.I')

    await b.ask.publish('NYSE.IBM', 1)
    await b.ask.publish('NYSE.GE', 2)
    await b.ask.publish('LSE.BP', 3)

    expect(await linesOf(a, b, c)).toEqual([
      ['a hears NYSE.IBM at 1 from 17', 'a hears NYSE.GE at 2 from 17'],
      ['b hears NYSE.IBM at 1 from 17', 'b hears NYSE.GE at 2 from 17', 'b hears LSE.BP at 3 from 17'],
      ['c hears NYSE.IBM at 1 from 17'],
    ])
  })

  test('gives each its own copy, also those of one host that share one message', async () => {
    const { a, b, c } = await spawnQuotes()
    await a.ask.hear('')
    await b.ask.hear('')

    // Each sets the price that it was given to 0.
    await c.ask.publish('key', 7)

    expect(await linesOf(a, b)).toEqual([['a hears key at 7 from 18'], ['b hears key at 7 from 18']])
  })

  test('ends a subscription by unsubscribe(), and with the actor', async () => {
    const { a, b, c } = await spawnQuotes()
    for (const ref of [a, b]) await ref.ask.hear('k')
    await a.ask.unhear('k')
    hosts.registry.gone(b.address.id)

    await c.ask.publish('key', 7)

    expect(await linesOf(a, b)).toEqual([[], []])
  })

  test('keeps a subscription across the death of a thread, and what is published meanwhile waits', async () => {
    const { a, c } = await spawnQuotes()
    await a.ask.hear('')
    hosts.kill(1)
    await c.ask.publish('key', 7)

    const again = await hosts.spawn(hosts.add(1), quotes, 16, 'a')

    expect(await again.ref.ask.lines()).toEqual(['a hears key at 7 from 18'])
  })

  test('makes a dead letter for each hearer of a thread that went down with a publication', async () => {
    const { a, b, c } = await spawnQuotes()
    for (const ref of [a, b]) await ref.ask.hear('')
    await c.ask.publish('key', 7)

    hosts.kill(1)
    await c.ask.publish('key', 8)
    hosts.retire(1)
    await c.ask.lines()

    expect(
      hosts.deadLetters.map(({ target, method, args, reason, sender }) => [target.id, method, args, reason, sender]),
    ).toEqual([
      [16, 'onPrice', [{ cents: 7 }, 'key'], 'thread-down', 18],
      [17, 'onPrice', [{ cents: 7 }, 'key'], 'thread-down', 18],
      [16, 'onPrice', [{ cents: 8 }, 'key'], 'actor-stopped', 18],
      [17, 'onPrice', [{ cents: 8 }, 'key'], 'actor-stopped', 18],
    ])
  })

  test('frees the slot of its message when the last hearer has handled it', async () => {
    const { two, a, b } = await spawnQuotes()
    for (const ref of [a, b]) await ref.ask.hear('')
    const limit = 20_000

    // More than the window of a link holds.
    for (let count = 0; count < limit; count++) two.directory.topic(prices).publish('key', { cents: count })

    const last = `hears key at ${limit - 1} from undefined`
    await expect
      .poll(async () => (await linesOf(hosts.seenFrom(two, a), hosts.seenFrom(two, b))).map(lines => lines.at(-1)))
      .toEqual([`a ${last}`, `b ${last}`])
  })

  test('makes a dead letter for a hearer whose mailbox is full, and tells the others', async () => {
    class Busy {
      readonly context = actorContext()
      onPrice(): void {}
      hear(): Promise<void> {
        return this.context.topic(prices).subscribe(this.context.self as ActorRef<Busy>, 'onPrice')
      }
    }
    const busy = defineActor(import.meta.url, Busy, { mailbox: { maxMessages: 1, overflow: 'fail' } })
    const { one, a } = await spawnQuotes()
    const { ref } = await hosts.spawn(one, busy, 40)
    await ref.ask.hear()
    await a.ask.hear('')
    const topic = one.directory.topic(prices)

    expect([topic.publish('key', { cents: 1 }), topic.publish('key', { cents: 2 })]).toEqual([false, false])

    expect(await linesOf(a)).toEqual([['a hears key at 1 from undefined', 'a hears key at 2 from undefined']])
    expect(hosts.deadLetters.map(({ target, reason }) => [target.id, reason])).toEqual([
      [ref.address.id, 'mailbox-full'],
    ])
  })

  test('refuses a SharedBlock, an empty name and a method that is not there', async () => {
    const { one, a, c } = await spawnQuotes()
    const blocks = defineTopic<SharedBlock>('blocks')
    await c.ask.hear('')
    await one.directory
      .topic(blocks)
      .subscribe(
        c as unknown as ActorRef<{ onBlock(block: SharedBlock): void; onPrice(block: SharedBlock): void }>,
        'onPrice',
      )
    await one.directory
      .topic(blocks)
      .subscribe(a as unknown as ActorRef<{ onPrice(block: SharedBlock): void }>, 'onPrice')
    const block = SharedBlock.allocate(8)

    expect(() => one.directory.topic(blocks).publish('key', block)).toThrow(TypeError)
    expect(() => hosts.main.directory.topic(blocks).publish('key', block)).toThrow(TypeError)
    expect(() => defineTopic('')).toThrow(TypeError)
  })
})
