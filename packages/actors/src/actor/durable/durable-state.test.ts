import { ManualClock } from '@zera/core/testing'
import { expect, test } from 'vitest'
import { envelopeOf, NOBODY, type Envelope } from '../../messaging/envelope.js'
import { writeState } from '../../model/durability/kept-state.js'
import type { CommitOutcome, KeptActor } from '../../model/durability/store.js'
import { DurableState } from './durable-state.js'
import type { StateChange } from './keeper.js'

const SPEC = { state: true, mailbox: false, version: 1, migrate: undefined, transient: new Set<string>() }
const STATE = writeState(Object.assign({}, { count: 0 }), 'one', SPEC)

const KEPT: CommitOutcome = { kind: 'kept', numbers: [] }

/** A state whose commits end when the test says so. */
async function openState(kept?: KeptActor) {
  const actor = { count: 0 }
  const events: string[] = []
  const clock = new ManualClock()
  const delivered: Envelope[] = []
  const commits: { change: StateChange; end: (outcome: CommitOutcome) => Promise<void> }[] = []
  let isHandling = false
  const state = new DurableState({
    keeper: {
      read: async () => ({ kept, store: 'store' }),
      answer: async () => undefined,
      messages: async () => [],
      keep: change =>
        new Promise(resolve => {
          const end = async (outcome: CommitOutcome): Promise<void> => {
            resolve(outcome)
            for (let turn = 0; turn < 10; turn++) await Promise.resolve()
          }
          commits.push({ change, end })
        }),
    },
    messenger: { identity: {} as never, forward: () => undefined },
    clock,
    id: 16,
    key: 'one',
    name: 'one',
    spec: SPEC,
    isHandling: () => isHandling,
    release: outputs => outputs.forEach(output => output()),
    deliver: envelope => void delivered.push(envelope),
    deadLetter: ({ method }) => void events.push(`poison ${method}`),
    adopt: () => undefined,
    refuse: () => undefined,
    putBack: handled => void (handled.length > 0 && events.push(`back ${handled.map(({ method }) => method).join()}`)),
    dropKept: () => undefined,
    resume: () => undefined,
    failed: error => void events.push(error.name),
  })
  const origin = { ...NOBODY, finish: ({ method }: Envelope) => void events.push(`over ${method}`) }
  const send = (method: string, by: number): void => {
    const envelope = envelopeOf({ kind: 'tell', to: 16, method, args: [], origin: state.gated(origin) })
    isHandling = true
    actor.count += by
    state.gate.hold(() => void events.push(`sent by ${method}`))
    isHandling = false
    state.handled(envelope)
  }
  await state.read(() => true)
  state.restore(actor)
  state.use(actor)
  return { actor, clock, delivered, state, events, commits, send, handle: (is: boolean) => (isHandling = is) }
}

test('what a message sends leaves when its state is kept, and then it is over', async () => {
  const { events, commits, send } = await openState()

  send('a', 1)
  expect([events, commits.length]).toEqual([[], 1])
  await commits[0]!.end(KEPT)

  expect(events).toEqual(['sent by a', 'over a'])
})

test('what is handled while a commit is under way is one commit', async () => {
  const { events, commits, send, state } = await openState()

  for (const method of ['a', 'b', 'c']) send(method, 1)
  await commits[0]!.end(KEPT)
  expect(events.splice(0)).toEqual(['sent by a', 'over a'])
  expect(commits.map(({ change }) => change.version)).toEqual([1, 2])
  const kept = state.kept()
  await commits[1]!.end(KEPT)
  await kept

  expect(events).toEqual(['sent by b', 'sent by c', 'over b', 'over c'])
})

test('a message that changes nothing needs no commit, but waits for the one before', async () => {
  const { events, commits, send, state } = await openState()

  send('a', 1)
  send('reads', 0)
  await commits[0]!.end(KEPT)
  send('reads again', 0)

  expect([commits.length, state.isKept]).toEqual([1, true])
  expect(events.filter(event => event.startsWith('over'))).toEqual(['over a', 'over reads', 'over reads again'])
})

test('what was handled does not wait for a handler that goes on for long', async () => {
  const { events, commits, send, state, handle, actor } = await openState()

  send('a', 1)
  send('b', 1)
  state.part()
  handle(true)
  actor.count += 100
  await commits[0]!.end(KEPT)
  await commits[1]!.end(KEPT)

  expect(events).toEqual(['sent by a', 'over a', 'sent by b', 'over b'])
  expect(commits[1]!.change.state).not.toBe(commits[0]!.change.state)
})

test('a failure puts back what is in no commit, and leaves the commit under way', async () => {
  const { events, commits, send, state } = await openState()

  for (const method of ['a', 'b', 'c']) send(method, 1)
  state.rollBack()
  let hasRead = false
  const read = state.read(() => true).then(() => (hasRead = true))
  await Promise.resolve()
  expect([events.splice(0), hasRead]).toEqual([['back b,c'], false])
  await commits[0]!.end(KEPT)
  await read

  expect(events).toEqual(['sent by a', 'over a'])
})

test('an actor that is fenced sends nothing of what it has done since, and begins again', async () => {
  const { events, commits, send } = await openState()

  for (const method of ['a', 'b', 'c']) send(method, 1)
  await commits[0]!.end({ kind: 'fenced' })

  expect(events).toEqual(['back b,c', 'back a', 'ActorFencedError'])
})

test('a handler that ends after a roll-back has handled nothing', async () => {
  const { events, send, state } = await openState()

  state.rollBack()
  send('late', 1)

  expect([events, state.isKept]).toEqual([['back late'], true])
})

test('what has to end at once leaves what it has handled, with the commit under way', async () => {
  const { events, commits, send, state } = await openState()

  for (const method of ['a', 'b']) send(method, 1)
  const left = state.abandon()
  await commits[0]!.end(KEPT)

  expect([left.map(({ method }) => method), events, state.isKept]).toEqual([['a', 'b'], [], true])
})

test('a state that cannot be kept any more is the error of the message that made it so', async () => {
  const { actor, send, events } = await openState()
  send('a', 1)
  Object.assign(actor, { bad: Symbol('bad') })

  expect(events).toEqual([])
  const fresh = await openState()
  Object.assign(fresh.actor, { bad: Symbol('bad') })
  expect(() => fresh.send('b', 1)).toThrow(expect.objectContaining({ name: 'StateNotKeptError', path: '.bad' }))
})

test('a reminder comes when that is kept, and is over with what it has done', async () => {
  const { state, clock, commits, delivered, actor } = await openState()
  const reminder = {
    id: 'one',
    method: 'pay',
    args: '[[0,0],[],[],[]]',
    dueMs: clock.epochMs() + 100,
    everyMs: undefined,
    tries: 0,
  }
  state.remind('one', reminder)
  await commits[0]!.end(KEPT)

  clock.advance(100)
  expect([delivered.length, commits[1]?.change.reminders]).toEqual([
    0,
    [{ id: 'one', reminder: { ...reminder, tries: 1 } }],
  ])
  await commits[1]!.end(KEPT)
  expect(delivered.map(({ method }) => method)).toEqual(['pay'])
  actor.count += 1
  state.handled(delivered[0]!)
  await commits[2]!.end(KEPT)

  expect(commits[2]!.change.reminders).toEqual([{ id: 'one', reminder: undefined }])
  clock.advance(1_000_000)
  expect([commits.length, state.isKept, clock.timers]).toEqual([3, true, 0])
})

test('a reminder that comes again does so in steps from its first time, and those that were missed come as one', async () => {
  const clock = new ManualClock()
  const dueMs = clock.epochMs() - 250
  const every = { id: 'one', method: 'tick', args: '[[0,0],[],[],[]]', dueMs, everyMs: 100, tries: 0 }
  const { state, commits, delivered, clock: own } = await openState({ version: 1, state: STATE, reminders: [every] })

  own.advance(0)
  await commits[0]!.end(KEPT)
  state.handled(delivered[0]!)

  expect(commits[1]!.change.reminders).toEqual([{ id: 'one', reminder: { ...every, dueMs: dueMs + 300 } }])
})

test('a reminder that has taken its thread along three times is given up', async () => {
  const poison = { id: 'one', method: 'pay', args: '[[0,0],[],[],[]]', dueMs: 0, everyMs: undefined, tries: 3 }
  const { commits, delivered, events, clock } = await openState({ version: 1, state: STATE, reminders: [poison] })

  clock.advance(0)
  await commits[0]!.end(KEPT)

  expect([delivered, events, commits[0]!.change.reminders]).toEqual([
    [],
    ['poison pay'],
    [{ id: 'one', reminder: undefined }],
  ])
})

test('a reminder whose handler has thrown is over with the first commit of the next instance', async () => {
  const due = { id: 'one', method: 'pay', args: '[[0,0],[],[],[]]', dueMs: 0, everyMs: undefined, tries: 0 }
  const { state, commits, delivered, actor, clock } = await openState({ version: 1, state: STATE, reminders: [due] })
  clock.advance(0)
  await commits[0]!.end(KEPT)

  state.failed(delivered[0]!)
  delivered[0]!.origin.finish(delivered[0]!)
  state.rollBack()
  await state.read(() => true)
  state.use(actor)

  expect(commits[1]!.change.reminders).toEqual([{ id: 'one', reminder: undefined }])
  clock.advance(1000)
  await commits[1]!.end(KEPT)
  expect([commits.length, delivered.length, state.isKept]).toEqual([2, 1, true])
})

test('a reminder that is forgotten does not come, also when its time has come meanwhile', async () => {
  const due = { id: 'one', method: 'pay', args: '[[0,0],[],[],[]]', dueMs: 100, everyMs: undefined, tries: 0 }
  const early = { ...due, id: 'early', dueMs: 0 }
  const { state, commits, delivered, clock } = await openState({ version: 1, state: STATE, reminders: [due, early] })
  clock.advance(0)
  await commits[0]!.end(KEPT)

  state.remind('one', undefined)
  state.remind('early', undefined)
  clock.advance(clock.epochMs() + 1000)

  expect(delivered.map(envelope => envelope.origin.begin(envelope))).toEqual([false])
  await commits[1]!.end(KEPT)
  await commits[2]?.end(KEPT)
  expect([delivered.length, state.isKept, clock.timers]).toEqual([1, true, 0])
})
