import { copyValues } from '../../messaging/format/copy-values.js'
import { formatActor } from '../../model/address.js'
import { ActorStoppedError } from '../../model/errors.js'
import type { DeadLetter } from '../../model/events/dead-letter.js'
import type { EventSource } from '../../model/events/events.js'
import { BoundRef } from '../../model/refs/bound-ref.js'
import type { SystemIdentity } from '../../model/refs/system-identity.js'
import type { Hosts } from '../hosts/hosts.js'
import { KeptDeadLetters } from './kept-dead-letters.js'

/** The systems of letters: to another system, the number of its actor means another one. */
const systems = new WeakMap<DeadLetter, SystemIdentity>()

/** The unhandled messages of a system: those whose content is known, and the count of the others. */
export class UndeliveredMessages {
  readonly deadLetters: KeptDeadLetters
  readonly #events: EventSource
  readonly #hosts: () => Hosts
  #messagesLost = 0

  /** @param maxDeadLetters How many are kept. */
  constructor(maxDeadLetters: number, events: EventSource, hosts: () => Hosts) {
    this.deadLetters = new KeptDeadLetters(maxDeadLetters)
    this.#events = events
    this.#hosts = hosts
  }

  /** Messages whose content died with a thread. */
  get messagesLost(): number {
    return this.#messagesLost
  }

  /** Counts messages that died with a host. */
  lost(host: number, messages: number): void {
    this.#messagesLost += messages
    this.#events.emit('messages-lost', { host, messages })
  }

  /**
   * A message will not be handled. It is kept with the name of its target, by which it can be replayed, and with its
   * class.
   */
  deadLetter(received: DeadLetter): void {
    const { registry, main } = this.#hosts()
    const { name = '', definition } = registry.identityOf(received.target.id) ?? {}
    const target = {
      ...received.target,
      ...(name === '' ? {} : { name }),
      ...(definition === undefined ? {} : { definition }),
    }
    const letter = { ...received, target }
    systems.set(letter, main.messenger.identity)
    this.deadLetters.add(letter)
    this.#events.emit('dead-letter', letter)
  }

  /** See `System.replay`. */
  replay(letter: DeadLetter): boolean {
    const { target, method, args, isText } = letter
    if (isText === true)
      throw new TypeError(
        `Cannot replay ${method}() to actor ${formatActor(target)}: its arguments could not be copied, and were kept as texts`,
      )
    const { registry, main } = this.#hosts()
    const system = systems.get(letter)
    if (system !== undefined && system !== main.messenger.identity)
      throw new TypeError(
        `Cannot replay ${method}() to actor ${formatActor(target)}: the letter is of another system, ${system.description}, and the number of its actor means another here; replay it there`,
      )
    const data = registry.dataOf(target.id) ?? (target.name === undefined ? undefined : registry.lookup(target.name))
    if (data === undefined) throw new ActorStoppedError(formatActor(target), registry.obituaries.get(target.id))
    const hasRoom = main.messenger.tell(new BoundRef(main.messenger, data), method, copyValues(args, main.messenger))
    this.deadLetters.replayed(letter)
    return hasRoom
  }
}
