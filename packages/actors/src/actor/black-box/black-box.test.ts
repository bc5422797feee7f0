import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import { envelopeOf, NOBODY, type Envelope } from '../../messaging/envelope.js'
import { methodsHandled, readBlackBox, type BlackBoxReport } from '../../model/events/black-box-report.js'
import { RING, SLOTS } from '../../model/events/layout.js'
import { BlackBox, type ActorRecord } from './black-box.js'
import type { Vitals } from './vitals.js'

const EPOCH_MS = 1_700_000_000_000

class Clock extends ManualClock {
  override epochMs(): number {
    return EPOCH_MS + this.now()
  }
}

function envelope(method: string, kind: Envelope['kind'] = 'tell'): Envelope {
  return envelopeOf({ to: 16, method, args: [], origin: NOBODY, kind })
}

function openBox(vitals?: Vitals) {
  const clock = new Clock()
  const box = vitals === undefined ? new BlackBox(clock) : new BlackBox(clock, undefined, vitals)
  return {
    box,
    report: (): BlackBoxReport => readBlackBox(box.memory),
    pass: (ms: number) => {
      clock.advance(ms)
      box.look(clock.now())
    },
  }
}

function handle(record: ActorRecord, method: string): void {
  record.begin(envelope(method), 0)
  record.end()
}

describe('BlackBox', () => {
  test('tells what each actor handles, since when, and which one has the thread', () => {
    const { box, report, pass } = openBox()
    const [one, other] = [box.add(16), box.add(17)]
    pass(5)
    one.begin(envelope('add', 'ask'), 3)
    one.yield()
    pass(2)
    other.begin(envelope('spin'), 0)

    const { running, actors } = report()

    expect(running).toBe(17)
    expect(actors).toEqual([
      { id: 16, handling: { method: 'add', kind: 'ask', sinceMs: EPOCH_MS + 5 }, handled: 0, waiting: 3 },
      { id: 17, handling: { method: 'spin', kind: 'tell', sinceMs: EPOCH_MS + 7 }, handled: 0, waiting: 0 },
    ])
    expect([...methodsHandled(report())]).toEqual([
      [16, 'add'],
      [17, 'spin'],
    ])
  })

  test('tells the starts and ends of handlers, oldest first', () => {
    const { box, report, pass } = openBox()
    const record = box.add(16)
    record.begin(envelope('add', 'ask'), 0)
    pass(1)
    record.end()
    record.end()

    expect(report().entries).toEqual([
      { what: 'begin', actor: 16, method: 'add', kind: 'ask', atMs: EPOCH_MS },
      { what: 'end', actor: 16, method: 'add', kind: 'ask', atMs: EPOCH_MS + 1 },
    ])
    expect(report().actors).toMatchObject([{ id: 16, handling: undefined, handled: 1 }])
  })

  test('keeps the last entries', () => {
    const { box, report } = openBox()
    const record = box.add(16)

    for (let n = 0; n < RING; n++) handle(record, `method${n}`)

    const { entries, actors } = report()
    expect(entries.map(({ method }) => method)).toEqual(
      Array.from({ length: RING }, (_, at) => `method${(RING + at) >> 1}`),
    )
    expect(actors[0]?.handled).toBe(RING)
  })

  test('forgets an actor that is gone, and has room for the next', () => {
    const { box, report } = openBox()

    for (let id = 16; id < 16 + 3 * SLOTS; id++) {
      const record = box.add(id)
      handle(record, 'act')
      record.close()
    }

    expect(report().actors).toEqual([])
  })

  test('keeps no account of more actors than it has slots for, and goes on', () => {
    const { box, report } = openBox()
    const records = Array.from({ length: SLOTS + 5 }, (_, at) => box.add(16 + at))

    for (const record of records) record.begin(envelope('act'), 0)

    expect(report().actors).toHaveLength(SLOTS - 1)
    expect(report().entries.at(-1)?.actor).toBe(16 + SLOTS + 4)
  })

  test('leaves names out for which there is no room', () => {
    const { box, report } = openBox()
    const record = box.add(16)
    for (let n = 0; n < 100; n++) handle(record, `${n}${'x'.repeat(200)}`)
    handle(record, '0' + 'x'.repeat(200))

    const [last] = report().entries.slice(-1)
    expect(last?.method).toBe('0' + 'x'.repeat(200))
    expect(report().entries.some(({ method }) => method === '?')).toBe(true)
  })

  test('records how the thread is, once a second at most', () => {
    let readings = 0
    const { report, pass } = openBox({ read: () => ({ heapBytes: ++readings, utilization: readings / 10 }) })

    for (let look = 0; look < 30; look++) pass(100)

    expect(report()).toMatchObject({ heapBytes: 4, utilization: 0.4, lookedAtMs: EPOCH_MS + 3000 })
  })
})
