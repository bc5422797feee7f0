import { NotCloneableError } from '@zera/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OneThreadHosts } from '../fixtures/hosts/one-thread-hosts.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { serviceAt } from '../messaging/services/service-client.js'
import { actorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import {
  ActorDownError,
  ActorRestartedError,
  ActorStoppedError,
  AskTimeoutError,
  MailboxFullError,
  SystemStoppedError,
  UnknownMethodError,
} from '../model/errors.js'
import { BoundRef } from '../model/refs/bound-ref.js'
import type { ActorRef } from '../model/refs/ref.js'
import type { Host } from './host.js'

/** Everything that an actor can be asked to do, in one thread. */
class Echo {
  readonly #context = actorContext()
  readonly handled: unknown[] = []
  wasAborted = false

  echo(value: unknown): unknown {
    this.handled.push(value)
    return value
  }
  seen(): unknown[] {
    return this.handled
  }
  fail(text: string): never {
    throw new RangeError(text)
  }
  function(): unknown {
    return () => undefined
  }
  hold(): Promise<never> {
    return new Promise(() => undefined)
  }
  holdUntilAborted(): Promise<never> {
    const { signal } = this.#context
    return new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        this.wasAborted = true
        reject(signal.reason as Error)
      }),
    )
  }
  aborted(): boolean {
    return this.wasAborted
  }
  killAndEcho(host: number, value: unknown): unknown {
    hosts.kill(host)
    return this.echo(value)
  }
  echoAndDie(host: number, value: unknown): unknown {
    // It has answered by then, and the answer has not left.
    queueMicrotask(() => hosts.kill(host))
    return this.echo(value)
  }
  sender(): number | undefined {
    return this.#context.sender?.address.id
  }
  askOther(other: ActorRef<Echo>): Promise<unknown> {
    return other.ask.sender()
  }
  async *count(limit: number): AsyncGenerator<number> {
    try {
      for (let n = 1; n <= limit; n++) yield n
    } finally {
      this.handled.push('left')
    }
  }
  async *failAfter(items: number): AsyncGenerator<number> {
    for (let n = 1; n <= items; n++) yield n
    throw new RangeError('in the stream')
  }
  async *functions(): AsyncGenerator {
    try {
      yield () => undefined
    } finally {
      this.handled.push('left')
    }
  }
  async *untilAborted(): AsyncGenerator<never> {
    await this.holdUntilAborted()
    yield undefined as never
  }
}
const definition = defineActor(import.meta.url, Echo)

expectNoLeaksAfterEach()

let hosts: OneThreadHosts
beforeEach(() => {
  hosts = new OneThreadHosts()
})
afterEach(() => hosts.close())

/** An actor, as it is seen from its own host and from another: the same is true of both. */
const views = ['its own host', 'another host'] as const

async function spawnSeenFrom(view: (typeof views)[number]) {
  const [here, there] = [hosts.add(1), hosts.add(2)]
  const { cell, ref } = await hosts.spawn(here, definition)
  const host = view === 'its own host' ? here : there
  return { cell, host, here, ref: hosts.seenFrom(host, ref) }
}

describe.each(views)('an actor, seen from %s', view => {
  test('answers, and handles tells in order', async () => {
    const { ref } = await spawnSeenFrom(view)

    for (let n = 0; n < 5; n++) expect(ref.tell.echo(n)).toBe(true)

    expect(await ref.ask.seen()).toEqual([0, 1, 2, 3, 4])
    expect(await ref.ask.echo({ deep: [new Date(0), undefined] })).toEqual({ deep: [new Date(0), undefined] })
  })

  test('rejects an ask with what its handler threw, and its supervisor hears of it', async () => {
    const { ref, cell } = await spawnSeenFrom(view)

    await expect(ref.ask.fail('no')).rejects.toMatchObject({ name: 'RangeError', message: 'no' })
    await settled()

    expect(cell.state).toBe('failed')
    expect(hosts.failures).toMatchObject([{ id: cell.id, method: 'fail', error: { message: 'no' } }])
  })

  test('makes a tell whose handler threw a dead letter', async () => {
    const { ref, host } = await spawnSeenFrom(view)

    ref.tell.fail('no')
    await settled()

    expect(hosts.deadLetters).toMatchObject([
      {
        target: { host: 1, id: ref.address.id },
        method: 'fail',
        args: ['no'],
        reason: 'handler-threw',
        error: { message: 'no' },
      },
    ])
    expect(host.messenger.asks.size).toBe(0)
  })

  test('knows its asker', async () => {
    const { ref, here, host } = await spawnSeenFrom(view)
    const asker = await hosts.spawn(host === here ? host : hosts.add(3), definition)

    expect(await ref.ask.sender()).toBeUndefined()
    expect(await hosts.seenFrom(hosts.main, asker.ref).ask.askOther(ref)).toBe(asker.cell.id)
  })

  test('is asked for a method that it does not have: an UnknownMethodError, nothing called', async () => {
    const { ref } = await spawnSeenFrom(view)
    const any = ref as unknown as ActorRef<{ steal(): void }>

    await expect(any.ask.steal()).rejects.toBeInstanceOf(UnknownMethodError)
    const lifecycle = (any.ask as unknown as { onStart(): Promise<void> }).onStart()
    await expect(lifecycle).rejects.toBeInstanceOf(UnknownMethodError)
    const stream = (any.stream as unknown as { steal(): AsyncGenerator }).steal()
    await expect(stream.next()).rejects.toBeInstanceOf(UnknownMethodError)
    expect(await ref.ask.seen()).toEqual([])
  })

  test('gives up an ask at its deadline: the signal of the handler aborts, and the actor goes on with the next', async () => {
    const { ref, cell } = await spawnSeenFrom(view)
    const asked = ref.ask({ timeoutMs: 50 }).holdUntilAborted()
    await settled()

    hosts.clock.advance(50)

    await expect(asked).rejects.toBeInstanceOf(AskTimeoutError)
    expect(await ref.ask.aborted()).toBe(true)
    expect([cell.state, hosts.failures]).toEqual(['running', []])
  })

  test('never sees a message that was withdrawn while it waited: a dead letter', async () => {
    const { ref } = await spawnSeenFrom(view)
    void ref
      .ask({ timeoutMs: 50 })
      .holdUntilAborted()
      .catch(() => undefined)
    const asked = ref.ask({ timeoutMs: 40 }).echo('late')
    await settled()

    hosts.clock.advance(40)
    await expect(asked).rejects.toBeInstanceOf(AskTimeoutError)
    hosts.clock.advance(10)

    expect(await ref.ask.seen()).toEqual([])
    expect(hosts.deadLetters).toMatchObject([{ method: 'echo', args: ['late'], reason: 'withdrawn' }])
  })

  test('streams what it yields, however fast it is read', async () => {
    const { ref } = await spawnSeenFrom(view)
    const read: number[] = []

    for await (const n of ref.stream.count(1000)) read.push(n)

    expect(read).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1))
    expect(await ref.ask.seen()).toEqual(['left'])
  })

  test('ends a stream that its reader leaves, once', async () => {
    const { ref } = await spawnSeenFrom(view)

    for await (const n of ref.stream.count(1_000_000)) if (n === 3) break

    expect(await ref.ask.seen()).toEqual(['left'])
  })

  test('lets others have their turn while a stream is not read', async () => {
    const { ref } = await spawnSeenFrom(view)
    const stream = ref.stream.count(1000)
    await stream.next()

    expect(await ref.ask.echo('between')).toBe('between')

    await stream.return()
    expect(await ref.ask.seen()).toEqual(['between', 'left'])
  })

  test('throws the error of a stream after its items, and fails', async () => {
    const { ref, cell } = await spawnSeenFrom(view)
    const read: number[] = []

    const reading = (async () => {
      for await (const n of ref.stream.failAfter(70)) read.push(n)
    })()

    await expect(reading).rejects.toMatchObject({ name: 'RangeError', message: 'in the stream' })
    expect([read.length, cell.state]).toEqual([70, 'failed'])
  })

  test('breaks its streams when it is restarted, and when it is stopped', async () => {
    const { ref, cell } = await spawnSeenFrom(view)
    const stream = ref.stream.count(1_000_000)
    await stream.next()
    await ref.ask.fail('no').catch(() => undefined)

    await cell.start({ error: new Error('no'), method: 'fail' })
    cell.run()
    await expect(exhausted(stream)).rejects.toBeInstanceOf(ActorRestartedError)

    const next = ref.stream.count(1_000_000)
    await next.next()
    await cell.stop('enough', new AbortController().signal)
    await expect(exhausted(next)).rejects.toBeInstanceOf(ActorStoppedError)
  })

  test('refuses a stream over what is no generator', async () => {
    const { ref } = await spawnSeenFrom(view)
    const stream = (ref.stream as unknown as { echo(value: number): AsyncGenerator }).echo(1)

    await expect(stream.next()).rejects.toBeInstanceOf(UnknownMethodError)
  })

  test('answers nothing when it is not there: an error, or a dead letter', async () => {
    const { ref, here, cell } = await spawnSeenFrom(view)
    await cell.stop('enough', AbortSignal.abort())
    here.remove(cell.id)

    ref.tell.echo(1)

    await expect(ref.ask.echo(2)).rejects.toBeInstanceOf(ActorStoppedError)
    await expect(ref.stream.count(3).next()).rejects.toBeInstanceOf(ActorStoppedError)
    expect(hosts.deadLetters).toMatchObject([{ method: 'echo', args: [1], reason: 'actor-stopped' }])
  })

  test('takes no more messages than may wait', async () => {
    const { ref } = await spawnSeenFrom(view)
    let accepted = 0
    const flood = (): void => {
      for (;;) {
        ref.tell.echo(accepted)
        accepted += 1
      }
    }

    expect(flood).toThrow(MailboxFullError)

    expect(accepted).toBe(131_072)
    await expect(ref.ask.echo(1)).rejects.toBeInstanceOf(MailboxFullError)
  })

  test('keeps no trace of asks and streams that are over', async () => {
    const { ref, host } = await spawnSeenFrom(view)
    for (let n = 0; n < 100; n++) {
      await ref.ask.echo(n)
      for await (const item of ref.stream.count(3)) if (item === 2) break
    }
    await settled()

    expect(host.messenger.asks.size).toBe(0)
  })
})

describe('a message to another host', () => {
  test('is refused when it cannot be cloned, and nothing is sent', async () => {
    const { ref } = await spawnSeenFrom('another host')

    expect(() => ref.tell.echo(() => undefined)).toThrow(NotCloneableError)
    await expect(ref.ask.echo(Symbol('s'))).rejects.toBeInstanceOf(NotCloneableError)
    await expect(ref.stream.count((() => undefined) as never).next()).rejects.toBeInstanceOf(NotCloneableError)
    expect(await ref.ask.seen()).toEqual([])
  })

  test('whose answer cannot be cloned rejects, and the actor goes on as it was', async () => {
    const { ref, cell } = await spawnSeenFrom('another host')
    await ref.ask.echo(1)

    const code = 'ZERA_NOT_CLONEABLE'
    const unsent = (what: string): unknown => expect.stringContaining(`Cannot send ${what}: `)
    await expect(ref.ask.function()).rejects.toMatchObject({ code, message: unsent('the answer of function()') })
    await expect(exhausted(ref.stream.functions())).rejects.toMatchObject({
      code,
      message: unsent('an item of functions()'),
    })

    expect(await ref.ask.seen()).toEqual([1, 'left'])
    expect([cell.state, hosts.failures]).toEqual(['running', []])
  })

  test('is a snapshot', async () => {
    const { ref } = await spawnSeenFrom('another host')
    const message = { n: 1 }
    const asked = ref.ask.echo(message)

    message.n = 2

    expect(await asked).toEqual({ n: 1 })
  })

  test('carries refs that are good there, and large binaries', async () => {
    const { ref, here } = await spawnSeenFrom('another host')
    const other = await hosts.spawn(here, definition)
    const bytes = new Uint8Array(100_000).fill(7)

    const answer = (await ref.ask.echo({ ref: other.ref, bytes })) as { ref: BoundRef<Echo>; bytes: Uint8Array }

    expect(answer.ref).toBeInstanceOf(BoundRef)
    expect(answer.ref.data).toEqual(other.ref.data)
    expect(await answer.ref.ask.echo('there')).toBe('there')
    expect(answer.bytes).toEqual(bytes)
  })
})

describe('when another host goes down', () => {
  async function twoHosts(): Promise<{ here: Host; ref: ActorRef<Echo> }> {
    const [here, there] = [hosts.add(1), hosts.add(2)]
    const { ref } = await hosts.spawn(there, definition, 16)
    return { here, ref: hosts.seenFrom(here, ref) }
  }

  test('asks reject with how far they came, tells become dead letters', async () => {
    const { ref } = await twoHosts()
    const begun = ref.ask.hold()
    const waiting = ref.ask.echo(1)
    ref.tell.echo(2)
    await settled()

    hosts.kill(2)

    await expect(begun).rejects.toBeInstanceOf(ActorDownError)
    await expect(begun).rejects.toMatchObject({ reason: 'killed', progress: 'begun' })
    await expect(waiting).rejects.toMatchObject({ reason: 'killed', progress: 'not-begun' })
    await settled()
    expect(hosts.deadLetters).toMatchObject([
      { method: 'echo', args: [2], reason: 'thread-down', progress: 'not-begun' },
    ])
  })

  test('what was answered and had not left is counted, and its ask rejects', async () => {
    const { ref } = await twoHosts()

    const asked = ref.ask.echoAndDie(2, 'last')

    await expect(asked).rejects.toMatchObject({ reason: 'killed', progress: 'handled' })
    await settled()
    expect(hosts.lost).toBe(1)
  })

  test.each<[string, (ref: ActorRef<Echo>) => Promise<unknown>]>([
    ['an ask of an actor that was gone', ref => ref.ask.echo(1)],
    [
      'an ask of an actor that was never there',
      ref => new BoundRef<Echo>(hosts.main.messenger, { ...(ref as BoundRef<Echo>).data, id: 999 }).ask.echo(1),
    ],
    ['a stream of an actor that was gone', ref => ref.stream.count(3).next()],
  ])('what was refused, and whose refusal had not left, was not begun: %s', async (_what, ask) => {
    const there = hosts.add(2)
    const { cell, ref } = await hosts.spawn(there, definition, 16)
    there.addService(15, { die: () => hosts.kill(2) })
    const seen = hosts.seenFrom(hosts.main, ref)
    await seen.ask.echo('linked')
    await cell.stop('done', AbortSignal.abort())

    const asked = ask(seen)
    // In the same frame, behind it.
    serviceAt<{ die(): void }>(hosts.main.messenger, { host: 2, id: 15 }, 'last').tell.die()

    await expect(asked).rejects.toMatchObject({ reason: 'killed', progress: 'not-begun' })
  })

  test('what was asked for a method that is not there was not begun', async () => {
    const there = hosts.add(2)
    const { ref } = await hosts.spawn(there, definition, 16)
    const seen = hosts.seenFrom(hosts.main, ref) as unknown as ActorRef<{ nothing(): void }>
    // It begins nothing any more, and then it is over.
    const dying = hosts.seenFrom(hosts.main, ref).ask.killAndEcho(2, 'never')
    const asked = seen.ask.nothing()

    await expect(dying).rejects.toMatchObject({ progress: 'begun' })
    await expect(asked).rejects.toMatchObject({ progress: 'not-begun' })
  })

  test('a stream throws, after the items that had arrived', async () => {
    const { ref } = await twoHosts()
    const stream = ref.stream.count(1_000_000)
    await stream.next()
    await settled()

    hosts.kill(2)

    await expect(exhausted(stream)).rejects.toBeInstanceOf(ActorDownError)
  })

  test('a stream that it read is ended', async () => {
    const { here, ref } = await twoHosts()
    const mine = await hosts.spawn(here, definition)
    const there = hosts.add(3)
    const stream = hosts.seenFrom(there, mine.ref).stream.count(1_000_000)
    await stream.next()

    hosts.kill(3)
    await stream.return().catch(() => undefined)
    await settled()

    expect(await mine.ref.ask.seen()).toEqual(['left'])
    expect(await ref.ask.seen()).toEqual([])
  })

  test('a generator that waits for what to yield sees its signal abort', async () => {
    const { here } = await twoHosts()
    const mine = await hosts.spawn(here, definition)
    const reading = hosts.seenFrom(hosts.add(3), mine.ref).stream.untilAborted().next()
    await settled()

    hosts.kill(3)

    await expect(reading).rejects.toBeInstanceOf(SystemStoppedError)
    expect(await mine.ref.ask.aborted()).toBe(true)
    expect(mine.cell.state).toBe('running')
  })

  test('what it asked is handled all the same, and the answer goes nowhere', async () => {
    const { here } = await twoHosts()
    const mine = await hosts.spawn(here, definition)
    const seen = hosts.seenFrom(hosts.add(3), mine.ref)

    const asked = [seen.ask.killAndEcho(3, 'first'), seen.ask.echo('last')]

    for (const ask of asked) await expect(ask).rejects.toBeInstanceOf(SystemStoppedError)
    expect(await mine.ref.ask.seen()).toEqual(['first', 'last'])
  })

  test('messages sent meanwhile wait for its next incarnation, in order', async () => {
    const { ref } = await twoHosts()
    await ref.ask.echo(0)
    hosts.kill(2)
    const asked = ref.ask.echo(1)
    ref.tell.echo(2)

    const next = hosts.add(2, false)
    await hosts.spawn(next, definition, 16)
    hosts.open(2)

    expect(await asked).toBe(1)
    expect(await ref.ask.seen()).toEqual([1, 2])
  })

  test('messages for one of its actors that is there no more are given back when it opens', async () => {
    const { ref } = await twoHosts()
    await ref.ask.echo(0)
    hosts.kill(2)
    const asked = ref.ask.echo(1)
    ref.tell.echo(2)

    hosts.add(2)

    await expect(asked).rejects.toBeInstanceOf(ActorStoppedError)
    await settled()
    expect(hosts.deadLetters).toMatchObject([{ args: [2], reason: 'actor-stopped' }])
  })

  test('messages that wait are given back when no other takes its place, and so are later ones at once', async () => {
    const { ref } = await twoHosts()
    await ref.ask.echo(0)
    hosts.kill(2)
    const asked = ref.ask.echo(1)
    ref.tell.echo(2)

    hosts.retire(2)

    await expect(asked).rejects.toBeInstanceOf(ActorStoppedError)
    await expect(ref.ask.echo(3)).rejects.toBeInstanceOf(ActorStoppedError)
    expect(ref.tell.echo(4)).toBe(true)
    await settled()
    expect(hosts.deadLetters.map(({ args, reason }) => [args, reason])).toEqual([
      [[2], 'actor-stopped'],
      [[4], 'actor-stopped'],
    ])
  })
})

describe('Host', () => {
  test('keeps what arrives for actors that are not there yet until it is open', async () => {
    const host = hosts.add(1, false)
    const [ref, nobody] = [30, 31].map(
      id => new BoundRef<Echo>(hosts.main.messenger, { host: 1, id, name: '', url: '', definition: '' }),
    ) as [BoundRef<Echo>, BoundRef<Echo>]
    const [early, lost] = [ref.ask.echo('early'), nobody.ask.echo('lost')]
    await settled()

    await hosts.spawn(host, definition, 30)
    ref.tell.echo('late')
    expect(await early).toBe('early')
    expect(await ref.ask.seen()).toEqual(['early', 'late'])
    hosts.open(1)

    await expect(lost).rejects.toBeInstanceOf(ActorStoppedError)
    await expect(nobody.ask.echo('later')).rejects.toBeInstanceOf(ActorStoppedError)
  })

  test('close() rejects what waits, and refuses what comes', async () => {
    const [here, there] = [hosts.add(1), hosts.add(2)]
    const { ref } = await hosts.spawn(there, definition)
    const seen = hosts.seenFrom(here, ref)
    const asked = seen.ask.hold()

    here.close()

    await expect(asked).rejects.toBeInstanceOf(SystemStoppedError)
    await expect(seen.ask.echo(1)).rejects.toBeInstanceOf(SystemStoppedError)
    expect(() => seen.tell.echo(1)).toThrow(SystemStoppedError)
  })

  test('opens no link when it has closed', async () => {
    const here = hosts.add(1)
    here.close()

    new BoundRef<Echo>(hosts.add(2).messenger, { host: 1, id: 40, name: '', url: '', definition: '' }).tell.echo(1)
    await settled()

    expect(here.peers.connections.get(2)).toBeUndefined()
  })
})

async function exhausted(stream: AsyncGenerator): Promise<void> {
  while ((await stream.next()).done !== true);
}

/** Resolves when all that can happen without the clock has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise<void>(resolve => setImmediate(resolve))
    hosts.clock.turn()
  }
}
