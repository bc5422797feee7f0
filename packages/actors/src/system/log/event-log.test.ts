import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import { Loggers } from '../../log/loggers.js'
import type { SystemEvent } from '../../model/events/events.js'
import type { LogLevel, LogLine } from '../../model/log.js'
import { EventLog } from './event-log.js'

const actor = { id: 20, host: 1, name: 'till', definition: 'Till' }
const failed = (error: Error, isThreadDown = false): SystemEvent => ({
  type: 'actor-failed',
  event: { actor, error, method: 'pay', isThreadDown },
})
const letter = (error: Error, id = 20): SystemEvent => ({
  type: 'dead-letter',
  event: {
    target: { host: 1, id },
    sender: undefined,
    method: 'pay',
    args: [],
    reason: 'handler-threw',
    progress: undefined,
    error,
  },
})

function open({ level = 'info', supervised = [20] }: { level?: LogLevel; supervised?: number[] } = {}) {
  const clock = new ManualClock()
  const lines: LogLine[] = []
  const log = new EventLog(new Loggers(0, clock, line => void lines.push(line), level), clock, id =>
    supervised.includes(id),
  )
  return { clock, lines, note: (event: SystemEvent) => log.note(event) }
}

describe('EventLog', () => {
  test('writes a failure once, with its error, whichever event comes first', () => {
    const { lines, note } = open()
    const error = new Error('the database is down')

    note(letter(error))
    note(failed(error))
    note({ type: 'actor-given-up', event: { actor, error } })

    expect(lines.map(({ level, event, host, actor: name }) => [level, event, host, name])).toEqual([
      ['error', 'actor-failed', 1, 'Till#20@1 "till"'],
      ['error', 'actor-given-up', 1, 'Till#20@1 "till"'],
    ])
    expect(lines[0]?.data).toEqual({ err: error })
  })

  test('writes what fails without an actor, each at its level', () => {
    const { lines, note } = open()
    const error = new Error('no more descriptors')

    note({ type: 'host-failed', event: { host: 2, error } })
    note({ type: 'supervisor-given-up', event: { supervisor: '/team', child: 'first', error } })
    note({ type: 'messages-lost', event: { host: 2, messages: 3 } })

    expect(lines.map(({ level, event, data }) => [level, event, data])).toEqual([
      ['error', 'host-failed', { err: error }],
      ['error', 'supervisor-given-up', { err: error }],
      ['warn', 'messages-lost', { messages: 3 }],
    ])
  })

  test('says which handler had a thread that was killed, and for how long', () => {
    const { clock, lines, note } = open()
    const handling = { method: 'spin', kind: 'tell', sinceMs: clock.epochMs() } as const
    const blackBox = {
      running: 20,
      actors: [{ id: 20, handling, handled: 0, waiting: 0 }],
      entries: [],
      lookedAtMs: clock.epochMs(),
      heapBytes: 0,
      utilization: 1,
      threadId: 1,
      osThread: undefined,
    }

    clock.advance(5000)
    note({
      type: 'host-down',
      event: { host: 1, incarnation: 1, reason: 'killed', exitCode: 1, error: undefined, actors: [actor], blackBox },
    })

    expect(lines).toMatchObject([
      {
        event: 'host-down',
        text: expect.stringMatching(/; it had been in spin\(\) of Till#20@1 "till" for 5\.0 s$/u) as string,
        data: { running: 'Till#20@1 "till"', method: 'spin', forMs: 5000 },
      },
    ])
  })

  test('writes the dead letter of a failure without an event, since its actor is being stopped', () => {
    const { lines, note } = open({ supervised: [] })

    note(letter(new Error('late')))

    expect(lines).toMatchObject([{ level: 'warn', event: 'dead-letter', data: { reason: 'handler-threw' } }])
  })

  test('counts what a crash loop leaves out, with the next line or at the end of the span', () => {
    const { clock, lines, note } = open()
    const error = new Error('again')

    for (let at = 0; at < 10_000; at++) {
      note(failed(error))
      note({ type: 'actor-restarted', event: { actor, error, restarts: at } })
    }
    expect(lines).toHaveLength(10)
    clock.advance(10_000)
    note(failed(error))
    note({ type: 'stopped', event: {} as never })

    const counted = lines.slice(10).map(({ event, data }) => [event, data?.['leftOut']])
    expect(counted).toEqual([
      ['actor-failed', 9995],
      ['actor-restarted', 9995],
      ['actor-failed', undefined],
    ])
  })

  test('leaves what goes right, what its level leaves out, and the ends of a stop alone', () => {
    const { lines, note } = open({ level: 'error' })
    const child = { kind: 'service', path: '/server' } as const

    note({ type: 'actor-started', event: { actor } })
    note({ type: 'actor-restarted', event: { actor, error: new Error('once'), restarts: 1 } })
    note(failed(new Error('with its thread'), true))
    note({ type: 'stopping', event: {} })
    note({ type: 'child-stopped', event: { child, reason: 'the system stops' } })

    expect(lines).toEqual([])
  })
})
