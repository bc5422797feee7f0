import { ActorDownError } from '@zera/actors'
import { describe, expect, test } from 'vitest'
import { describeEvent, renderStory, type StoryEvent } from './story.js'

const worker1 = { id: 17, host: 2, name: 'worker-1', definition: 'Aggregator' }
const worker2 = { id: 18, host: 3, name: 'worker-2', definition: 'Aggregator' }
const killed = new Error('The thread of host 2 went down: it was killed')
const thrown = new TypeError('made to throw')
const blackBox = {
  running: undefined,
  actors: [],
  entries: [],
  lookedAtMs: 0,
  heapBytes: 0,
  utilization: 0,
  threadId: 1,
  osThread: undefined,
}

const story: StoryEvent[] = [
  { atMs: 0, type: 'host-started', event: { host: 2, incarnation: 1 } },
  {
    atMs: 1000,
    type: 'actor-failed',
    event: { actor: worker2, error: thrown, method: 'aggregate', isThreadDown: false },
  },
  { atMs: 1000, type: 'part-repeated', event: { part: 7, worker: 'worker-2', error: thrown } },
  { atMs: 1010, type: 'actor-restarted', event: { actor: worker2, error: thrown, restarts: 1 } },
  {
    atMs: 1050,
    type: 'host-down',
    event: { host: 2, incarnation: 1, reason: 'killed', exitCode: 1, error: undefined, actors: [worker1], blackBox },
  },
  {
    atMs: 1050,
    type: 'actor-failed',
    event: { actor: worker1, error: killed, method: 'aggregate', isThreadDown: true },
  },
  {
    atMs: 1060,
    type: 'part-repeated',
    event: { part: 6, worker: 'worker-1', error: new ActorDownError('/worker-1', 'aggregate', 'killed', 'begun') },
  },
  { atMs: 1070, type: 'host-started', event: { host: 2, incarnation: 2 } },
  { atMs: 1350, type: 'actor-restarted', event: { actor: worker1, error: killed, restarts: 1 } },
]

describe('describeEvent()', () => {
  test('tells what happens as it happens, each thing once', () => {
    expect(story.map(describeEvent).filter(line => line !== undefined)).toEqual([
      '  at 1.00 s  worker-2: aggregate() threw TypeError: made to throw',
      '  at 1.00 s  part 8 goes to the next free worker',
      '  at 1.01 s  worker-2: restarted by its supervisor',
      '  at 1.05 s  worker-1: its thread is down, it was killed',
      '  at 1.06 s  part 7 goes to the next free worker',
      '  at 1.35 s  worker-1: restarted by its supervisor',
    ])
  })

  test.each<[StoryEvent, RegExp]>([
    [
      { atMs: 0, type: 'actor-given-up', event: { actor: worker1, error: thrown } },
      /worker-1: given up .*made to throw/,
    ],
    [{ atMs: 0, type: 'host-failed', event: { host: 2, error: thrown } }, /host 2: .*made to throw/],
    [{ atMs: 0, type: 'messages-lost', event: { host: 2, messages: 3 } }, /3 unsent messages died with its thread/],
    [
      {
        atMs: 0,
        type: 'dead-letter',
        event: {
          target: { host: 2, id: 17 },
          sender: undefined,
          method: 'sabotage',
          args: [],
          reason: 'thread-down',
          progress: 'not-begun',
          error: undefined,
        },
      },
      /sabotage\(\) was not handled \(thread-down\)/,
    ],
  ])('does not keep bad news to itself: %o', (happened, line) => {
    expect(describeEvent(happened)).toMatch(line)
  })
})

describe('renderStory()', () => {
  test('tells of each restart and of each part that was counted again, with the reason', () => {
    expect(renderStory(story).split('\n')).toEqual([
      'What was restarted, and why',
      '',
      'worker-2  aggregate() threw TypeError: made to throw',
      '          restarted on the same thread, 0.01 s later',
      'worker-1  its thread went down: it was killed',
      '          restarted on a new thread, 0.30 s later',
      'Part 8 was counted again: worker-2 threw.',
      'Part 7 was counted again: worker-1 died while it counted it.',
    ])
  })

  test('says so when nothing happened', () => {
    expect(renderStory([])).toContain('Nothing: no actor failed, and no thread went down.')
  })
})
