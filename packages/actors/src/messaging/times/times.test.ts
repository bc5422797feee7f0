import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import { addedSince } from '../../model/times/histogram.js'
import { readTimes, type MethodTimes } from '../../model/times/method-times.js'
import { ENTRIES } from '../../model/times/times-layout.js'
import { envelopeOf, NOBODY, type Envelope } from '../envelope.js'
import { HostTimes } from './host-times.js'
import { MessageTimer } from './message-timer.js'

function message(method: string, kind: Envelope['kind'] = 'tell'): Envelope {
  return envelopeOf({ to: 16, method, args: [], origin: NOBODY, kind })
}

function countOne(times: HostTimes, entry: number): void {
  times.counters[times.counterOf(entry)]! += 1
}

function openTimes() {
  const clock = new ManualClock()
  const times = new HostTimes(clock)
  const timer = new MessageTimer(times, 'Counter')
  return {
    clock,
    times,
    timer,
    /** Messages arrive together, and are handled one after the other. */
    burst: (method: string, count: number, runMs: number) => {
      const envelopes = Array.from({ length: count }, () => message(method))
      for (const [at, envelope] of envelopes.entries()) envelope.stamp = timer.arrived(at === 0)
      for (const envelope of envelopes) {
        if (envelope.stamp !== 0) timer.begin(envelope.stamp, envelope.method)
        clock.advance(runMs)
        timer.end(envelope.method)
      }
      timer.flush()
    },
    of: (method: string): MethodTimes | undefined => {
      timer.flush()
      return times.read().find(one => one.method === method)
    },
  }
}

describe('MessageTimer', () => {
  test('counts each message, and measures enough of them', () => {
    const { burst, of } = openTimes()

    burst('add', 10_000, 0.001)

    expect(of('add')).toMatchObject({ definition: 'Counter', handled: 10_000, failed: 0 })
    const { run, wait } = of('add') as MethodTimes
    expect(run.count).toBeGreaterThan(9700)
    expect(run.count).toBeLessThanOrEqual(10_000)
    expect(run.sumMs).toBeCloseTo(10, 0)
    // The last one has waited for all before it, the one in the middle for half of them.
    expect(wait.p50Ms).toBeGreaterThan(4)
    expect(wait.p50Ms).toBeLessThan(6)
  })

  test('writes down what it has counted with each message that it measures, and for another method', () => {
    const { times, timer } = openTimes()
    const handled = (): readonly number[] => times.read().map(one => one.handled)
    const handle = (method: string, stamp = timer.arrived(false)): void => {
      if (stamp !== 0) timer.begin(stamp, method)
      timer.end(method)
    }
    for (let n = 0; n < 600; n++) handle('add')
    const counted = [handled()]
    handle('read')
    counted.push(handled())

    timer.flush()

    expect([...counted, handled()]).toEqual([[501], [600], [600, 1]])
  })

  test('measures each message once one was slow, and few again once they are fast', () => {
    const { burst, of } = openTimes()

    burst('add', 100, 1)
    expect((of('add') as MethodTimes).run.maxMs).toBeCloseTo(1)
    burst('add', 500, 2)

    const before = of('add') as MethodTimes
    expect(addedSince(before.run, before.run).count).toBe(0)
    expect(before.run.p99Ms).toBeGreaterThan(1.5)
    burst('add', 1000, 0.001)
    expect((of('add') as MethodTimes).handled).toBe(1600)
  })

  test('measures a message that finds nothing before it, however fast it is', () => {
    const { burst, of } = openTimes()

    burst('add', 1, 0.002)

    expect(of('add')).toMatchObject({ run: { count: 1 }, wait: { count: 1, sumMs: 0 } })
  })

  test('measures each handler that awaits, to its end', () => {
    const { clock, timer, of } = openTimes()
    for (let n = 0; n < 100; n++) {
      const envelope = message('load', 'ask')
      envelope.stamp = n === 0 ? timer.arrived(true) : 0
      if (envelope.stamp !== 0) timer.begin(envelope.stamp, envelope.method)
      timer.yield(clock.now())
      clock.advance(5)
      timer.end('load')
    }

    expect(of('load')).toMatchObject({ handled: 100, run: { count: 100, sumMs: 500, maxMs: 5 } })
  })

  test('counts handlers that threw', () => {
    const { timer, of } = openTimes()
    for (let n = 0; n < 3; n++) {
      if (n === 1) timer.fail()
      timer.end('add')
    }

    expect(of('add')).toMatchObject({ handled: 3, failed: 1 })
  })

  test('does not count what an actor sends itself, nor what it puts aside', () => {
    const { timer, times } = openTimes()

    timer.begin(timer.arrived(true), undefined)
    timer.fail()
    timer.end(undefined)

    expect(times.read()).toEqual([])
  })

  test('says nothing of the next message by one that was left alone', () => {
    const { clock, timer, of } = openTimes()
    timer.begin(timer.arrived(true), 'hang')
    timer.yield(clock.now())
    timer.end(undefined)
    clock.advance(60_000)

    timer.end('add')

    expect(of('add')).toMatchObject({ handled: 1, run: { count: 0 } })
  })

  test('knows how long a message waited across the end of its stamps', () => {
    const { clock, timer, of } = openTimes()
    const envelope = message('add')
    clock.advance(0x7fff_ffff / 1000 - 1)
    envelope.stamp = timer.arrived(true)
    clock.advance(3)
    timer.begin(envelope.stamp, 'add')
    timer.end('add')

    expect((of('add') as MethodTimes).wait.sumMs).toBeCloseTo(3, 1)
  })
})

describe('HostTimes', () => {
  test('are gone on with by the next thread of the host', () => {
    const { clock, times, burst } = openTimes()
    burst('add', 3, 1)

    const next = new HostTimes(clock, times.memory)
    countOne(next, next.entryOf('Counter', 'add'))
    countOne(next, next.entryOf('Counter', 'read'))
    next.failed(next.entryOf('Counter', 'read'))

    expect(readTimes(times.memory)).toMatchObject([
      { method: 'add', handled: 4 },
      { method: 'read', handled: 1, failed: 1 },
    ])
  })

  test('measure an ask that is alone, and one in 16 of others, which counts for them', () => {
    const { clock, times } = openTimes()
    const ask = (isAlone: boolean): void => {
      const timer = times.asking(isAlone)
      clock.advance(2)
      if (timer !== undefined) times.asked('Counter', 'add', timer)
    }
    ask(true)
    for (let n = 0; n < 160; n++) ask(false)

    expect(times.read()).toMatchObject([{ method: 'add', handled: 0, ask: { count: 161, sumMs: 322, maxMs: 2 } }])
  })

  test('put what has no place of its own together', () => {
    const { times } = openTimes()

    for (let n = 0; n < ENTRIES + 50; n++) countOne(times, times.entryOf('Counter', `method${n}`))

    const read = times.read()
    expect(read).toHaveLength(ENTRIES)
    expect(read.filter(({ definition }) => definition === '')).toMatchObject([{ method: '', handled: 51 }])
  })

  test('cut names that are too long, and keep those apart that are not', () => {
    const { times } = openTimes()

    countOne(times, times.entryOf('Ä'.repeat(200), 'add'))
    countOne(times, times.entryOf('a', 'bc'))
    countOne(times, times.entryOf('ab', 'c'))

    expect(times.read().map(({ definition, method }) => `${definition.slice(0, 3)}.${method}`)).toEqual([
      'ÄÄÄ.add',
      'a.bc',
      'ab.c',
    ])
  })
})
