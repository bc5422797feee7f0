import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { envelopeOf, NOBODY, type Envelope } from '../messaging/envelope.js'
import { DEFAULT_MAILBOX, type MailboxSpec, type Overflow } from '../model/mailbox-spec.js'
import { Mailbox } from './mailbox.js'

function open(spec: Partial<MailboxSpec> = {}): Mailbox {
  return new Mailbox({ ...DEFAULT_MAILBOX, urgent: ['cancel'], ...spec })
}

function message(
  number: number,
  { method = 'add', kind = 'tell' }: Partial<Pick<Envelope, 'method' | 'kind'>> = {},
): Envelope {
  return envelopeOf({ to: 16, method, args: [number], origin: NOBODY, kind })
}

function numbersIn(mailbox: Mailbox): unknown[] {
  return [...mailbox.takeAll()].map(({ args }) => args[0])
}

describe('Mailbox', () => {
  test('gives urgent messages first, then those that were stashed, then the others, each in order', () => {
    const mailbox = open()
    for (const number of [1, 2, 3]) mailbox.add(message(number))
    for (const stashed of [mailbox.take(), mailbox.take()]) mailbox.stash(stashed as Envelope)
    mailbox.add(message(4, { method: 'cancel' }))
    mailbox.add(message(5))
    mailbox.add(message(6, { method: 'cancel' }))

    mailbox.unstashAll()

    expect(numbersIn(mailbox)).toEqual([4, 6, 1, 2, 3, 5])
  })

  test('puts what is stashed again before what was stashed later', () => {
    const mailbox = open()
    for (const number of [1, 2, 3]) mailbox.add(message(number))
    for (const stashed of [mailbox.take(), mailbox.take()]) mailbox.stash(stashed as Envelope)
    mailbox.unstashAll()

    mailbox.stash(mailbox.take() as Envelope)
    mailbox.unstashAll()

    expect(numbersIn(mailbox)).toEqual([1, 2, 3])
  })

  test('counts what is stashed as waiting, and gives none of it', () => {
    const mailbox = open()
    mailbox.add(message(1))

    mailbox.stash(mailbox.take() as Envelope)

    expect([mailbox.size, mailbox.isEmpty, mailbox.take()]).toEqual([1, true, undefined])
  })

  test.each<[Overflow, number[], number | undefined, boolean]>([
    ['wait', [1, 2, 3], undefined, true],
    ['fail', [1, 2], 3, true],
    ['drop-newest', [1, 2], 3, false],
    ['drop-oldest', [2, 3], 1, false],
  ])('with the policy %s keeps %j when it is full', (overflow, kept, displaced, isClosed) => {
    const mailbox = open({ maxMessages: 2, overflow })
    mailbox.add(message(1))
    mailbox.add(message(2))

    const wasClosed = mailbox.isFullForSenders
    const given = mailbox.add(message(3))

    expect([given?.args[0], wasClosed, mailbox.statistics.overflowed]).toEqual([
      displaced,
      isClosed,
      displaced === undefined ? 0 : 1,
    ])
    expect(numbersIn(mailbox)).toEqual(kept)
  })

  test('drops the oldest that is not urgent, and no pull of a stream', () => {
    const mailbox = open({ maxMessages: 3, overflow: 'drop-oldest' })
    mailbox.add(message(1, { method: 'cancel' }))
    mailbox.add(message(2, { kind: 'more' }))
    mailbox.add(message(3))

    expect(mailbox.add(message(4))?.args).toEqual([3])
    expect(mailbox.add(message(5))?.args).toEqual([4])
    expect(numbersIn(mailbox)).toEqual([1, 2, 5])
  })

  test('has room for the pulls of streams when it is full', () => {
    const mailbox = open({ maxMessages: 1, overflow: 'drop-newest' })
    mailbox.add(message(1))

    expect(mailbox.add(message(2, { kind: 'more' }))).toBeUndefined()
    expect(mailbox.size).toBe(2)
  })

  test('remove() takes a message out wherever it waits', () => {
    const mailbox = open()
    const messages = [message(1), message(2, { method: 'cancel' }), message(3), message(4)]
    for (const each of messages) mailbox.add(each)
    mailbox.stash(mailbox.take() as Envelope)

    const removed = [messages[1], messages[2], message(3)].map(each => mailbox.remove(each as Envelope))

    expect(removed).toEqual([true, true, false])
    expect(numbersIn(mailbox)).toEqual([1, 4])
  })

  test('ready() waits until the mailbox is below its mark', async () => {
    const mailbox = open({ maxMessages: 16 })
    for (const number of [1, 2, 3]) mailbox.add(message(number))
    let isReady = false
    const ready = mailbox.ready().then(() => (isReady = true))
    await Promise.resolve()
    const before = [mailbox.isAboveMark, isReady]

    mailbox.take()
    await ready

    expect(before).toEqual([true, false])
    expect(mailbox.isAboveMark).toBe(false)
  })

  test('never holds more than it may, and gives back whatever it does not keep', () => {
    const policies = fc.constantFrom<Overflow>('fail', 'drop-newest', 'drop-oldest')
    const steps = fc.array(fc.constantFrom('add', 'urgent', 'take', 'stash', 'unstash'), { maxLength: 200 })
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 8 }), steps, (overflow, maxMessages, todo) => {
        const mailbox = open({ overflow, maxMessages })
        const out: unknown[] = []
        let added = 0
        for (const step of todo) {
          if (step === 'add' || step === 'urgent') {
            const displaced = mailbox.add(message((added += 1), { method: step === 'add' ? 'add' : 'cancel' }))
            if (displaced !== undefined) out.push(displaced.args[0])
          } else if (step === 'unstash') {
            mailbox.unstashAll()
          } else {
            const taken = mailbox.take()
            if (taken !== undefined && step === 'stash') mailbox.stash(taken)
            else if (taken !== undefined) out.push(taken.args[0])
          }
          expect(mailbox.size).toBeLessThanOrEqual(maxMessages)
        }
        out.push(...numbersIn(mailbox))
        expect(out.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: added }, (_, at) => at + 1))
        expect(mailbox.statistics).toMatchObject({ waiting: 0, received: added })
      }),
    )
  })
})
