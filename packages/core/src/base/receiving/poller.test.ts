import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { startFixture } from '../../fixtures/threads/threads.js'
import { plugged, texts } from '../../sockets/fixtures/plugged.js'
import type { ReceivingSocket } from '../../sockets/socket.js'
import { SocketError } from '../errors/errors.js'
import type { Pollable } from './pollable.js'
import { Poller, signalSource, Ticker } from './poller.js'

expectNoLeaksAfterEach()

/** A source that a test makes ready. */
class Switch implements Pollable {
  isReady = false
  readonly #wakes = new Set<() => void>()

  on(): this {
    this.isReady = true
    for (const wake of this.#wakes) wake()
    return this
  }

  get waiting(): number {
    return this.#wakes.size
  }

  whenReady(wake: () => void): () => void {
    this.#wakes.add(wake)
    return () => void this.#wakes.delete(wake)
  }
}

describe('Poller.wait()', () => {
  test('gives the source that gets ready', async () => {
    const [quiet, loud] = [new Switch(), new Switch()]
    const ready = new Poller().add(quiet).add(loud).wait()

    loud.on()

    expect(await ready).toBe(loud)
    expect([quiet.waiting, loud.waiting]).toEqual([0, 0])
  })

  test('throws what a source throws, and can wait again', async () => {
    const broken = {
      isReady: false,
      whenReady: (): never => {
        throw new RangeError('no')
      },
    }
    const poller = new Poller().add(broken)

    await expect(poller.wait()).rejects.toBeInstanceOf(RangeError)
    poller.remove(broken)

    expect(await poller.wait({ timeoutMs: 1 })).toBeUndefined()
  })

  test('gives nothing when its time is up, and does not wait at all with 0', async () => {
    const poller = new Poller().add(new Switch())

    expect([await poller.wait({ timeoutMs: 0 }), await poller.wait({ timeoutMs: 5 })]).toEqual([undefined, undefined])
  })

  test('gives what is ready at once with a time-out of 0', async () => {
    const source = new Switch().on()

    expect(await new Poller().add(source).wait({ timeoutMs: 0 })).toBe(source)
  })

  test('throws the reason of its signal, and asks no source any more', async () => {
    const source = new Switch()
    const controller = new AbortController()
    const waiting = new Poller().add(source).wait({ signal: controller.signal })

    controller.abort(new Error('enough'))

    await expect(waiting).rejects.toThrow('enough')
    expect(source.waiting).toBe(0)
  })

  test('refuses a second wait while one is under way', async () => {
    const source = new Switch()
    const poller = new Poller().add(source)
    const first = poller.wait()

    await expect(poller.wait()).rejects.toBeInstanceOf(SocketError)

    source.on()
    expect(await first).toBe(source)
  })

  test.each([-1, Number.NaN])('refuses a time-out of %d', async timeoutMs => {
    await expect(new Poller().wait({ timeoutMs })).rejects.toBeInstanceOf(RangeError)
  })
})

describe('Poller.add()', () => {
  test('picks up a source while the poller waits', async () => {
    const poller = new Poller().add(new Switch())
    const ready = poller.wait()
    const late = new Switch()

    poller.add(late)
    late.on()

    expect(await ready).toBe(late)
  })

  test('picks up a source that is ready already', async () => {
    const poller = new Poller()
    const ready = poller.wait()
    const late = new Switch().on()

    poller.add(late)

    expect(await ready).toBe(late)
  })

  test('adds a source once', () => {
    const source = new Switch()

    expect(new Poller().add(source).add(source).size).toBe(1)
  })
})

describe('Poller.remove()', () => {
  test('forgets a source while the poller waits', async () => {
    const [removed, kept] = [new Switch(), new Switch()]
    const poller = new Poller().add(removed).add(kept)
    const ready = poller.wait()

    poller.remove(removed)
    removed.on()
    kept.on()

    expect(await ready).toBe(kept)
  })
})

describe('a Poller over sources that are always ready', () => {
  test('serves each in turn when it is fair', async () => {
    const sources = [new Switch().on(), new Switch().on(), new Switch().on()]
    const poller = new Poller()
    for (const source of sources) poller.add(source)

    const served = new Map<unknown, number>()
    for (let turn = 0; turn < 300; turn++) {
      const source = await poller.wait()
      served.set(source, (served.get(source) ?? 0) + 1)
    }

    expect([...served.values()]).toEqual([100, 100, 100])
  })

  test('serves the one that was added first when it goes by priority', async () => {
    const [first, second] = [new Switch(), new Switch().on()]
    const poller = new Poller({ order: 'priority' }).add(first).add(second)

    const before = await poller.wait()
    first.on()

    expect([before === second, (await poller.wait()) === first, (await poller.wait()) === first]).toEqual([
      true,
      true,
      true,
    ])
  })
})

describe('a Poller over sockets, pipes, tickers and signals', () => {
  test('lets no quiet socket starve next to one that is flooded', async () => {
    await using flooded = await plugged('PULL', 'PUSH')
    await using quiet = await plugged('PULL', 'PUSH')
    const flood = Promise.all(Array.from({ length: 5000 }, () => flooded.right.send('flood')))
    const poller = new Poller<ReceivingSocket>().add(flooded.left).add(quiet.left)
    for (let received = 0; received < 100; received++) await flooded.left.receive()
    await quiet.right.send('quiet')

    let floodedFirst = 0
    for await (const source of poller) {
      const [text] = texts(await source.receive())
      if (text === 'quiet') break
      // From the moment in which it has arrived, it is next.
      if (quiet.left.isReady) floodedFirst += 1
    }

    expect(floodedFirst).toBeLessThanOrEqual(1)
    poller.remove(quiet.left)
    while (flooded.left.statistics.received < 5000) await flooded.left.receive()
    await flood
  })

  test('serves REP, whose requests are taken one at a time', async () => {
    await using pair = await plugged('REP', 'REQ')
    const poller = new Poller<ReceivingSocket>().add(pair.left)

    for (const request of ['first', 'second']) {
      await pair.right.send(request)
      const ready = await poller.wait()
      expect(texts((await ready?.receive()) ?? [])).toEqual([request])
      await pair.left.send('done')
      await pair.right.receive()
    }
  })

  test('serves a socket, the pipe of a thread, a ticker and a signal side by side', async () => {
    await using pair = await plugged('PULL', 'PUSH')
    await using thread = await startFixture('obey')
    using ticker = new Ticker(1)
    const controller = new AbortController()
    const stop = signalSource(controller.signal)
    const poller = new Poller().add(pair.left).add(thread.pipe).add(ticker).add(stop)
    await pair.right.send('to the socket')
    thread.pipe.send('through the thread')

    const seen = new Set<string>()
    for await (const source of poller) {
      if (source === pair.left) seen.add(String(await pair.left.receive()))
      else if (source === thread.pipe) seen.add(String((await thread.pipe.receive())?.value))
      else if (source === ticker) seen.add(ticker.take() > 0 ? 'ticks' : 'no ticks')
      else break
      if (seen.size === 3) controller.abort()
    }

    expect([...seen].toSorted()).toEqual(['through the thread', 'ticks', 'to the socket'])
  })
})

test.each([0, -1, Number.NaN, Infinity])('Ticker refuses to tick every %d ms', everyMs => {
  expect(() => new Ticker(everyMs)).toThrow(RangeError)
})
