import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OneThreadHosts } from '../../fixtures/hosts/one-thread-hosts.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { actorContext } from '../../model/actor-context.js'
import { defineActor } from '../../model/definition.js'
import { ActorRestartedError, ActorStoppedError } from '../../model/errors.js'

let happened: string[] = []
/** Ends the `hold` that is being handled. */
let letGo = (): void => undefined

/** Its generators wait: for what its methods bring, for their signal, for nothing that ever comes. */
class Feed {
  readonly #context = actorContext()
  readonly #wake = new Set<() => void>()
  readonly #pushed: number[] = []
  #isOpen = false

  push(value: number): number {
    this.#pushed.push(value)
    this.#wakeAll()
    return this.#pushed.length
  }
  async *items(): AsyncGenerator<number> {
    const { signal, sender } = this.#context
    signal.addEventListener('abort', () => this.#wakeAll())
    try {
      for (let at = 0; ; at++) {
        while (at >= this.#pushed.length && !signal.aborted) await new Promise<void>(resolve => this.#wake.add(resolve))
        if (signal.aborted) return
        yield this.#pushed[at] as number
        // Its turn, and so its context.
        if (this.#context.signal !== signal || this.#context.sender?.address.id !== sender?.address.id)
          happened.push('context of another')
      }
    } finally {
      happened.push(signal.aborted ? 'finally' : 'finally before the signal')
      await Promise.resolve()
      happened.push('finally is over')
    }
  }
  async *never(): AsyncGenerator<number> {
    this.#context.signal.addEventListener('abort', () => happened.push('aborted'))
    yield 1
    await new Promise(() => undefined)
  }
  async *fails(): AsyncGenerator<number> {
    yield 1
    await new Promise<void>(resolve => this.#wake.add(resolve))
    throw new RangeError('in the stream')
  }
  async *throwsLate(): AsyncGenerator<number> {
    const { signal } = this.#context
    await new Promise(resolve => signal.addEventListener('abort', resolve))
    yield this.#fail('late')
  }
  async hold(): Promise<string> {
    this.#wakeAll()
    await new Promise<void>(resolve => (letGo = resolve))
    return 'let go'
  }
  async *whenOpen(): AsyncGenerator<string> {
    if (!this.#isOpen) {
      this.#context.stash()
      return
    }
    yield 'open'
    this.#context.stash()
  }
  open(): void {
    this.#isOpen = true
    this.#context.unstashAll()
  }
  onRestart(error: Error, method: string | undefined): void {
    happened.push(`restarted by ${error.message} in ${method}`)
  }
  onStop(): void {
    happened.push('onStop')
  }
  #fail(text: string): never {
    throw new RangeError(text)
  }
  #wakeAll(): void {
    for (const wake of this.#wake) wake()
    this.#wake.clear()
  }
}
const FEED = defineActor(import.meta.url, Feed)

expectNoLeaksAfterEach()
let hosts: OneThreadHosts
beforeEach(() => ([hosts, happened] = [new OneThreadHosts(), []]))
afterEach(() => hosts.close())

async function take<T>(stream: AsyncGenerator<T>, items: number): Promise<T[]> {
  const taken: T[] = []
  while (taken.length < items) taken.push((await stream.next()).value as T)
  return taken
}

/** Resolves when all that can happen without the clock has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise<void>(resolve => setImmediate(resolve))
    hosts.clock.turn()
  }
}

describe.each(['its own host', 'another host'])('a stream whose generator waits, read from %s', view => {
  async function spawn() {
    const [here, there] = [hosts.add(1), hosts.add(2)]
    const { cell, ref } = await hosts.spawn(here, FEED)
    return { cell, ref: hosts.seenFrom(view === 'its own host' ? here : there, ref) }
  }

  test('is fed by the methods of its actor, for several readers at once', async () => {
    const { ref } = await spawn()
    const readers = [ref.stream.items(), ref.stream.items(), ref.stream.items()]
    const taken = Promise.all(readers.map(reader => take(reader, 100)))

    for (let n = 0; n < 100; n++) expect(await ref.ask.push(n)).toBe(n + 1)

    const all = Array.from({ length: 100 }, (_, n) => n)
    expect(await taken).toEqual([all, all, all])
    await Promise.all(readers.map(reader => reader.return()))
    await settled()
    expect(happened.filter(what => what !== 'finally is over')).toHaveLength(3)
    expect(happened).not.toContain('context of another')
  })

  test('ends when its reader leaves, at once, once, and whatever its generator does', async () => {
    const { ref, cell } = await spawn()
    const streams = [ref.stream.items(), ref.stream.never(), ref.stream.items()] as const
    await take(streams[1], 1)
    const waiting = streams.map(stream => stream.next())
    await settled()
    const held = ref.ask.hold()
    await settled()

    for (const stream of [...streams, ...streams])
      expect(await stream.return()).toEqual({ done: true, value: undefined })
    expect((await Promise.all(waiting)).map(({ done }) => done)).toEqual([true, true, true])
    await settled()
    // The signals abort though the actor is busy.
    expect(happened).toContain('aborted')
    letGo()

    expect(await held).toBe('let go')
    expect(await ref.ask.push(1)).toBe(1)
    await settled()
    expect(happened.filter(what => what === 'finally is over')).toHaveLength(2)
    expect([cell.state, cell.isHandling, hosts.failures, hosts.deadLetters]).toEqual(['running', false, [], []])
  })

  test('is not opened when its reader leaves before it is its turn', async () => {
    const { ref } = await spawn()
    const held = ref.ask.hold()
    const stream = ref.stream.items()
    const first = stream.next()
    await settled()

    await stream.return()
    await settled()
    letGo()

    expect([(await first).done, await held]).toEqual([true, 'let go'])
    await settled()
    expect([happened, hosts.deadLetters.map(({ method, reason }) => [method, reason])]).toEqual([
      [],
      [['items', 'withdrawn']],
    ])
  })

  test('fails its actor when the message that is being handled meanwhile is over', async () => {
    const { ref, cell } = await spawn()
    const stream = ref.stream.fails()
    await take(stream, 1)
    const failing = stream.next()
    await settled()

    const [held, behind] = [ref.ask.hold(), ref.ask.push(1)]

    await expect(failing).rejects.toMatchObject({ name: 'RangeError', message: 'in the stream' })
    expect(cell.state).toBe('running')
    letGo()
    expect(await held).toBe('let go')
    await settled()
    expect([cell.state, hosts.failures.map(({ method }) => method)]).toEqual(['failed', ['fails']])
    await cell.start({ error: new Error('it'), method: 'fails' })
    cell.run()
    expect(await behind).toBe(1)
  })

  test('fails its actor when it throws something of its own on leaving, but not the next instance', async () => {
    const { ref, cell } = await spawn()
    const [stream, other] = [ref.stream.throwsLate(), ref.stream.items()]
    const broken = other.next().catch((error: unknown) => error)
    void stream.next()
    await settled()

    await stream.return()
    await settled()

    expect(hosts.failures.map(({ method }) => method)).toEqual(['throwsLate'])
    const again = cell.start({ error: new Error('it'), method: 'throwsLate' })
    expect(await broken).toBeInstanceOf(ActorRestartedError)
    await settled()
    await again
    cell.run()
    expect(await ref.ask.push(1)).toBe(1)
    expect(happened.filter(what => what !== 'onStop')).toEqual([
      'finally',
      'finally is over',
      'restarted by it in throwsLate',
    ])
  })

  test.each(['stop', 'halt'] as const)('is over before its actor is, by %s', async end => {
    const { ref, cell } = await spawn()
    const waiting = [ref.stream.items().next(), ref.stream.throwsLate().next()]
    const deaf = ref.stream.never()
    await take(deaf, 1)
    await settled()

    const stopped = cell[end]('enough', new AbortController().signal)
    for (const reading of waiting)
      await expect(reading).rejects.toBeInstanceOf(end === 'stop' ? ActorStoppedError : ActorRestartedError)
    await settled()

    expect(await stopped).toBe('drained')
    expect(happened.filter(what => what !== 'aborted')).toEqual(['finally', 'finally is over', 'onStop'])
  })

  test('may be stashed before its first item, and not after it', async () => {
    const { ref } = await spawn()
    const stream = ref.stream.whenOpen()
    const first = stream.next()
    await settled()

    ref.tell.open()

    expect(await first).toEqual({ done: false, value: 'open' })
    await expect(stream.next()).rejects.toBeInstanceOf(TypeError)
  })

  test('is left when a signal aborts, twenty by one', async () => {
    const { ref } = await spawn()
    const [reading, warnings] = [new AbortController(), [] as Error[]]
    const warned = (warning: Error): unknown => warnings.push(warning)
    process.on('warning', warned)
    const streams = Array.from({ length: 20 }, () => ref.stream({ signal: reading.signal }).items())
    const waiting = streams.map(stream => stream.next().catch((error: Error) => error.message))
    await settled()

    reading.abort(new RangeError('enough'))
    expect(await Promise.all(waiting)).toEqual(Array(20).fill('enough'))
    await settled()

    process.off('warning', warned)
    expect([happened.filter(what => what === 'finally'), warnings, hosts.failures]).toEqual([
      Array(20).fill('finally'),
      [],
      [],
    ])
    expect(() => (0, ref.stream({}).items)()).toThrow(TypeError)
  })
})
