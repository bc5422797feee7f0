import { ManualClock } from '@zera/core/testing'
import { expect, test } from 'vitest'
import { envelopeOf, NOBODY, type Envelope } from '../../messaging/envelope.js'
import type { KeptMessage } from '../../model/durability/store.js'
import { KeptMailbox } from './kept-mailbox.js'

/** A mailbox whose store has messages by their numbers, and whose commits are done at once. */
function openMailbox(tries: Readonly<Record<number, number>> = {}) {
  const stored = new Map(Object.entries(tries).map(([number, tried]) => [Number(number), tried]))
  const [delivered, events]: [Envelope[], string[]] = [[], []]
  const clock = new ManualClock()
  const mailbox: KeptMailbox = new KeptMailbox({
    clock,
    id: 16,
    read: async most => {
      const messages = [...stored].map(([number, tried]): KeptMessage => ({
        number,
        method: 'take',
        args,
        tries: tried,
      }))
      return messages.toSorted((one, other) => one.number - other.number).slice(0, most)
    },
    tried: (numbers, then) => {
      events.push(`tried ${numbers.join()}`)
      then()
    },
    over: numbers => {
      events.push(`over ${numbers.join()}`)
      for (const number of numbers) stored.delete(number)
      mailbox.kept(numbers)
    },
    deliver: envelope => void (mailbox.arrives(envelope) === 'now' && delivered.push(envelope)),
    adopt: ({ method }) => void events.push(`adopted ${method}`),
    deadLetter: ({ correlation }) => void events.push(`poison ${correlation}`),
  })
  const origin = { ...NOBODY, host: 1 }
  const call = { to: 16, method: 'take', args: [], origin }
  const kept = (correlation: number, redelivered = 0): Envelope =>
    envelopeOf({ ...call, kind: 'tell', correlation, redelivered })
  /** Messages arrive, and are in the store before. */
  const arrive = (...numbers: number[]): void => {
    for (const number of numbers) {
      stored.set(number, 0)
      const envelope = kept(number)
      if (mailbox.arrives(envelope) === 'now') delivered.push(envelope)
    }
  }
  const ask = (method: string): Envelope => {
    const envelope = envelopeOf({ ...call, method, kind: 'ask', correlation: 7 })
    if (mailbox.arrives(envelope) === 'now') delivered.push(envelope)
    return envelope
  }
  const handle = (...numbers: number[]): void => {
    for (const number of numbers) stored.delete(number)
    mailbox.kept(numbers)
  }
  const came = (): (string | number)[] =>
    delivered.splice(0).map(({ kind, method, correlation }) => (kind === 'ask' ? method : correlation))
  return { mailbox, stored, clock, events, arrive, ask, handle, came, kept }
}
const args = '[[0,0],[],[],[]]'

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

test('has what is kept first, marked as tried, and then what arrives', async () => {
  const { mailbox, events, arrive, came, handle } = openMailbox({ 1: 0, 2: 1 })

  mailbox.open()
  await settled()
  expect([came(), events]).toEqual([[1, 2], ['tried 1,2']])
  handle(1, 2)
  arrive(3, 4)

  expect([came(), events.length]).toEqual([[3, 4], 1])
})

test('has a message once that was read, and arrives after that', async () => {
  const { mailbox, arrive, came, handle } = openMailbox({ 1: 0 })
  mailbox.open()
  await settled()
  expect(came()).toEqual([1])
  handle(1)

  arrive(1)
  arrive(2)

  expect(came()).toEqual([2])
})

test('has what comes alone when it is suspicious, and gives up what was tried too often', async () => {
  const { mailbox, events, came, handle } = openMailbox({ 1: 1, 2: 2, 3: 4, 4: 1 })

  mailbox.open()
  await settled()
  expect(came()).toEqual([1])
  handle(1)
  expect(came()).toEqual([2])
  handle(2)

  expect([came(), events]).toEqual([[4], ['tried 1', 'tried 2', 'poison 3', 'over 3', 'tried 4']])
})

test('leaves what is too much to the store, and reads it in its turn', async () => {
  const { mailbox, arrive, came, handle } = openMailbox()
  mailbox.open()
  await settled()
  const numbers = Array.from({ length: 3000 }, (_, at) => at + 1)

  arrive(...numbers)
  const first = came() as number[]
  expect(first).toEqual(numbers.slice(0, 1024))
  const all = [...first]
  for (let done = first; done.length > 0; done = came() as number[]) {
    handle(...done)
    await settled()
    all.push(...done)
  }

  expect(all.slice(first.length)).toEqual(numbers)
})

test('reads before what a sender sends that may have left others there', async () => {
  const { mailbox, stored, came, kept } = openMailbox()
  mailbox.open()
  await settled()
  for (const number of [1, 2]) stored.set(number, 0)

  expect(mailbox.arrives(kept(2, 1))).toBe('left')
  await settled()

  expect(came()).toEqual([1, 2])
})

test('looks from time to time, as long as it is open', async () => {
  const { mailbox, stored, clock, came } = openMailbox()
  mailbox.open()
  await settled()
  stored.set(1, 0)

  clock.advance(5000)
  await settled()
  expect(came()).toEqual([1])
  mailbox.close()

  expect(clock.timers).toBe(0)
})

test('has a question behind what its host had told before, and before what it told after', async () => {
  const { mailbox, ask, arrive, came } = openMailbox({ 1: 0, 2: 0 })

  arrive(3)
  ask('asked')
  arrive(4)
  expect(came()).toEqual([])
  mailbox.open()
  await settled()

  expect(came()).toEqual([1, 2, 3, 'asked', 4])
})

test('does not hold a question that was withdrawn, nor one that its actor leaves', () => {
  const { mailbox, ask } = openMailbox()
  const [one, other] = [ask('one'), ask('other')]

  expect([mailbox.remove(one), mailbox.remove(one), mailbox.takeHeld()]).toEqual([true, false, [other]])
})

test('has a message again that its actor gave back, and keeps one that came by another way', async () => {
  const { mailbox, arrive, came, events } = openMailbox()
  mailbox.open()
  await settled()
  arrive(1)
  mailbox.givenBack(1)
  mailbox.open()
  await settled()
  expect(came()).toEqual([1, 1])

  mailbox.arrives(envelopeOf({ kind: 'tell', to: 16, method: 'published', args: [], origin: NOBODY }))
  expect(events).toContain('adopted published')
})
