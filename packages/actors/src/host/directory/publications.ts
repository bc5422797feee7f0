import type { PublicationsSink } from '../../messaging/connection-host.js'
import { envelopeOf, type Envelope, type Origin } from '../../messaging/envelope.js'
import { copiesOf, copyValues } from '../../messaging/format/copy-values.js'
import type { Messenger } from '../../messaging/messenger.js'
import { gateHere } from '../../messaging/output-gate.js'
import type { Peers } from '../../messaging/peers.js'
import type { MissedBecause, Publication } from '../../messaging/publication.js'
import type { Recipients } from '../../messaging/recipients.js'
import type { SystemClient } from '../../messaging/services/system-client.js'
import type { Subscription } from '../../messaging/services/system-service.js'
import { traceparentToSend } from '../../messaging/tracing/trace-context.js'
import { MailboxFullError, SystemStoppedError } from '../../model/errors.js'
import type { Roster } from './roster.js'

/** Carries and receives publications. */
interface PublicationsParts {
  readonly messenger: Messenger
  readonly peers: Peers
  readonly roster: Roster
  readonly recipients: Recipients
  readonly system: SystemClient
}

/** Sends publications to the hosts of their subscribers, and delivers those that arrive to the actors here. */
export class Publications implements PublicationsSink {
  readonly #parts: PublicationsParts

  constructor(parts: PublicationsParts) {
    this.#parts = parts
  }

  /**
   * Sends one message to each host with a subscriber. Returns false when many messages wait at one of them.
   *
   * @throws {SystemStoppedError} When nothing can be sent any more.
   */
  publish(topic: string, key: string, data: unknown): boolean {
    if (this.#parts.messenger.isClosed) throw new SystemStoppedError(`publish on ${topic}`)
    const publication: Publication = {
      topic,
      key,
      from: this.#parts.messenger.sender,
      data,
      traceparent: traceparentToSend(),
    }
    const gate = gateHere()
    if (gate === undefined) return this.#publish(publication)
    // What a durable actor publishes leaves as it is now, when its state is kept.
    const [copy] = copyValues([data], this.#parts.messenger)
    gate.hold(() => void this.#publish({ ...publication, data: copy }))
    return true
  }

  #publish(publication: Publication): boolean {
    const { topic, key } = publication
    let hasRoom = true
    for (const [host, hearers] of this.#parts.roster.hearersOf(topic, key)) {
      try {
        hasRoom =
          (host === this.#parts.messenger.number
            ? this.#deliverHere(hearers, publication)
            : this.#send(host, hearers, publication)) && hasRoom
      } catch (error) {
        if (!(error instanceof MailboxFullError)) throw error
        this.#missed(host, hearers, publication, because('mailbox-full'))
        hasRoom = false
      }
    }
    return hasRoom
  }

  fanOut({ topic, key, from, data, traceparent }: Publication, origin: Origin, slot: number): void {
    const hearers = this.#parts.roster.hearersOf(topic, key).get(this.#parts.messenger.number) ?? []
    if (hearers.length === 0) {
      // They have left meanwhile.
      origin.finish(envelopeOf({ kind: 'tell', to: 0, from, method: topic, args: [], origin, slot }))
      return
    }
    const shared = new SharedOrigin(origin, hearers.length)
    // The first subscriber takes the original, so the copies for the others are made before.
    const copies = [[data], ...copiesOf([data], hearers.length - 1, this.#parts.messenger)]
    const envelopes = hearers.map(({ subscriber, method }, index) =>
      envelopeOf({
        kind: 'tell',
        to: subscriber.id,
        from,
        method,
        args: [...(copies[index] as unknown[]), key],
        origin: shared,
        slot,
        traceparent,
      }),
    )
    for (const envelope of envelopes) this.#parts.recipients.deliver(envelope)
  }

  missedBy(host: number, publication: Publication, why: MissedBecause): void {
    const hearers = this.#parts.roster.hearersOf(publication.topic, publication.key).get(host) ?? []
    this.#missed(host, hearers, publication, why)
  }

  /** Makes a dead letter for each actor that should have received it. */
  #missed(
    host: number,
    hearers: readonly Subscription[],
    { key, from, data }: Publication,
    { reason, progress, error }: MissedBecause,
  ): void {
    for (const { subscriber, method } of hearers) {
      this.#parts.system.deadLetter({
        target: { host, id: subscriber.id },
        sender: from?.id,
        method,
        args: [data, key],
        reason,
        progress,
        error,
      })
    }
  }

  #deliverHere(hearers: readonly Subscription[], publication: Publication): boolean {
    const { key, data } = publication
    let hasRoom = true
    const copies = copiesOf([data], hearers.length, this.#parts.messenger)
    for (const [index, hearer] of hearers.entries()) {
      try {
        hasRoom =
          this.#parts.messenger.deliver({
            kind: 'tell',
            to: hearer.subscriber.id,
            method: hearer.method,
            args: [...(copies[index] as unknown[]), key],
            correlation: 0,
          }) && hasRoom
      } catch (error) {
        if (!(error instanceof MailboxFullError)) throw error
        this.#missed(this.#parts.messenger.number, [hearer], publication, because('mailbox-full'))
        hasRoom = false
      }
    }
    return hasRoom
  }

  #send(host: number, hearers: readonly Subscription[], publication: Publication): boolean {
    const connection = this.#parts.peers.connectionTo(host)
    if (connection !== undefined) return connection.publish(publication)
    this.#missed(host, hearers, publication, because('actor-stopped'))
    return true
  }
}

/** The origin of one message to many actors: it is over when the last of them is done. */
class SharedOrigin implements Origin {
  readonly host: number
  readonly #origin: Origin
  #left: number

  constructor(origin: Origin, receivers: number) {
    this.host = origin.host
    this.#origin = origin
    this.#left = receivers
  }

  begin(envelope: Envelope): void {
    this.#origin.begin(envelope)
  }

  finish(envelope: Envelope): void {
    this.#left -= 1
    if (this.#left === 0) this.#origin.finish(envelope)
  }

  // No one waits for an answer.
  answer(): void {}
  refuse(): void {}
  item(): void {}
}

/** Why a publication that did not leave was missed. */
function because(reason: MissedBecause['reason']): MissedBecause {
  return { reason, progress: 'not-begun', error: undefined }
}
