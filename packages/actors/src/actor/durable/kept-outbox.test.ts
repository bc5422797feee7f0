import { expect, test } from 'vitest'
import { OutgoingMessage } from '../../messaging/outgoing-message.js'
import type { CommitOutcome } from '../../model/durability/store.js'
import type { BoundRef } from '../../model/refs/bound-ref.js'
import type { StateChange } from './keeper.js'
import { KeptOutbox } from './kept-outbox.js'

/** An outbox whose commits end when the test says so. */
function openOutbox() {
  const commits: { readonly change: StateChange; readonly end: (outcome: CommitOutcome) => Promise<void> }[] = []
  const events: string[] = []
  const outbox = new KeptOutbox(
    {
      keep: change =>
        new Promise(resolve => {
          commits.push({ change, end: async outcome => (resolve(outcome), settled()) })
        }),
    },
    {
      forward: ({ method }, number, isBehind) =>
        void events.push(`${method} ${number}${isBehind ? ', maybe behind others' : ''}`),
    },
  )
  return { outbox, commits, events, post: (method: string) => outbox.post(messageOf(method)) }
}

function messageOf(method: string): OutgoingMessage {
  return new OutgoingMessage({ data: { definition: 'Box', name: 'one' } } as BoundRef<object>, method, [], undefined)
}

function keptAs(...numbers: number[]): CommitOutcome {
  return { kind: 'kept', numbers }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}

test('keeps what is sent in a turn together, and the rest when that is done', async () => {
  const { outbox, commits, events, post } = openOutbox()

  post('a')
  post('b')
  await settled()
  post('c')
  await settled()
  expect(commits.map(({ change }) => change.sent.map(({ to, method }) => `${to} ${method}`))).toEqual([
    ['Box/one a', 'Box/one b'],
  ])
  await commits[0]!.end(keptAs(5, 6))
  expect(events.splice(0)).toEqual(['a 5, maybe behind others', 'b 6'])
  await commits[1]!.end(keptAs(0))

  expect([events, outbox.isIdle, commits.map(({ change }) => change.version)]).toEqual([[], true, [1, 2]])
})

test('has a question between what was told before and after', async () => {
  const { outbox, commits, events, post } = openOutbox()
  expect(outbox.after(() => undefined)).toBe(false)

  post('a')
  expect(outbox.after(() => void events.push('asked'))).toBe(true)
  post('b')
  await settled()
  await commits[0]!.end(keptAs(1))
  expect(events).toEqual(['a 1, maybe behind others', 'asked'])
  await commits[1]!.end(keptAs(2))

  expect(events.at(-1)).toBe('b 2')
})

test('begins another when the store has forgotten it', async () => {
  const { commits, events, post } = openOutbox()
  post('a')
  await settled()

  await commits[0]!.end({ kind: 'fenced' })
  await commits[1]!.end(keptAs(1))

  expect(commits[1]!.change.key).not.toBe(commits[0]!.change.key)
  expect([commits[1]!.change.version, events]).toEqual([1, ['a 1, maybe behind others']])
})

test('asks senders to wait, and refuses them when too much waits', async () => {
  const { outbox, commits, post } = openOutbox()
  for (let sent = 1; sent < 1024; sent++) expect(post('a')).toBe(true)
  expect(post('a')).toBe(false)
  let isReady = false
  void outbox.ready().then(() => (isReady = true))
  await settled()
  expect(isReady).toBe(false)
  for (let sent = 1024; sent < 100_000; sent++) post('a')

  expect(() => post('a')).toThrow(expect.objectContaining({ name: 'MailboxFullError' }))
  await commits[0]!.end(keptAs())
  expect(outbox.takeAll().length).toBe(100_000 - 1024)
  expect(outbox.isIdle).toBe(true)
})
