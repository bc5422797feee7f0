import { expect, test } from 'vitest'
import { EventSource, type SystemEvents } from '../../model/events/events.js'
import { EventCounts } from './event-counts.js'

function letterTo(
  definition: string | undefined,
  reason: SystemEvents['dead-letter']['reason'],
): SystemEvents['dead-letter'] {
  return {
    target: { host: 1, id: 16, definition },
    sender: 0,
    method: 'm',
    args: [],
    reason,
    progress: undefined,
    error: undefined,
  }
}

function restartOf(definition: string): SystemEvents['actor-restarted'] {
  return { actor: { id: 16, host: 1, name: '', definition }, error: new Error('on purpose'), restarts: 1 }
}

test('EventCounts count dead letters by definition and reason, and restarts by definition', () => {
  const events = new EventSource()
  const counts = new EventCounts(events)

  for (const [definition, reason] of [
    ['Till', 'actor-stopped'],
    ['Till', 'handler-threw'],
    ['Till', 'actor-stopped'],
    [undefined, 'actor-stopped'],
  ] as const)
    events.emit('dead-letter', letterTo(definition, reason))
  for (const definition of ['Till', 'Room', 'Till']) events.emit('actor-restarted', restartOf(definition))

  expect(counts.letters).toEqual([
    { definition: 'Till', reason: 'actor-stopped', count: 2 },
    { definition: 'Till', reason: 'handler-threw', count: 1 },
    { definition: '', reason: 'actor-stopped', count: 1 },
  ])
  expect(counts.restarts(5)).toEqual([
    { definition: 'Till', count: 2 },
    { definition: 'Room', count: 1 },
    { definition: '', count: 2 },
  ])
})

test('EventCounts of very many definitions stay few, and lose none', () => {
  const events = new EventSource()
  const counts = new EventCounts(events)

  for (let n = 0; n < 1000; n++) {
    events.emit('actor-restarted', restartOf(`Made${n}`))
    events.emit('dead-letter', letterTo(`Made${n}`, 'poison'))
  }

  const [restarts, { letters }] = [counts.restarts(1000), counts]
  for (const counted of [restarts, letters]) {
    expect(counted.length).toBeLessThanOrEqual(257)
    expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(1000)
  }
})
