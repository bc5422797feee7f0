import { beforeEach, describe, expect, test } from 'vitest'
import { envelopeOf, NOBODY, type Envelope } from './envelope.js'
import { Recipients, type Recipient } from './recipients.js'

let refused: Envelope[]
let recipients: Recipients
beforeEach(() => {
  refused = []
  recipients = new Recipients((envelope, reason) => void (reason === 'actor-stopped' && refused.push(envelope)))
})

function messageTo(to: number): Envelope {
  return envelopeOf({ to, method: 'act', args: [], origin: NOBODY, kind: 'tell' })
}

function recipient(): Recipient & { readonly received: Envelope[] } {
  const received: Envelope[] = []
  return { received, deliver: envelope => void received.push(envelope), withdraw: () => undefined }
}

describe('Recipients', () => {
  test('gives each its messages, and those first that were kept for it', () => {
    const [a, b] = [recipient(), recipient()]
    const messages = [1, 1, 2, 1].map(messageTo) as [Envelope, Envelope, Envelope, Envelope]
    recipients.deliver(messages[0])
    recipients.deliver(messages[1])
    recipients.add(2, b)
    recipients.deliver(messages[2])

    recipients.add(1, a)
    recipients.deliver(messages[3])

    expect([a.received, b.received]).toEqual([[messages[0], messages[1], messages[3]], [messages[2]]])
  })

  test('open() refuses what was kept for an unknown actor, and what comes later for one', () => {
    const messages = [1, 2, 1].map(messageTo) as [Envelope, Envelope, Envelope]
    recipients.deliver(messages[0])
    recipients.add(2, recipient())

    recipients.open()
    recipients.open()
    recipients.deliver(messages[2])
    recipients.remove(2)
    recipients.deliver(messages[1])

    expect(refused).toEqual([messages[0], messages[2], messages[1]])
  })

  test('open() goes on keeping what is for expected actors, until they come or will not', () => {
    const messages = [1, 2, 1, 2, 3].map(messageTo) as [Envelope, Envelope, Envelope, Envelope, Envelope]
    const a = recipient()
    recipients.deliver(messages[0])
    recipients.open([1, 2])
    for (const message of messages.slice(1)) recipients.deliver(message)

    recipients.add(1, a)
    recipients.remove(2)

    expect(a.received).toEqual([messages[0], messages[2]])
    expect(refused).toEqual([messages[4], messages[1], messages[3]])
  })
})
