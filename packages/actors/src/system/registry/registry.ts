import type { RosterService } from '../../host/directory/roster-service.js'
import type { Host } from '../../host/host.js'
import { serviceAt, type ServiceClient } from '../../messaging/services/service-client.js'
import type { Enrolment, RosterChange } from '../../messaging/services/system-service.js'
import { formatActor, ROSTER } from '../../model/address.js'
import type { ActorTraits } from '../../model/definition.js'
import { ActorStoppedError } from '../../model/errors.js'
import type { RefData } from '../../model/refs/ref.js'
import type { Redelivery } from '../../platform/peer-down.js'
import { Obituaries } from './obituaries.js'

const MAX_FORMER = 1000

/** What is known of an actor also when it has gone. */
type Identity = Pick<RefData, 'name' | 'definition'>

interface Registered {
  /** Includes what senders must know of its traits. */
  data: RefData
  /** Undefined until it was started for the first time. */
  traits: ActorTraits | undefined
}

/**
 * The actors of a system, by id and by name; and the roster of groups and topics, which it keeps the same on all hosts.
 *
 * It runs in the main thread, and is called only when something changes: sending uses each host's own copy.
 */
export class Registry {
  readonly obituaries = new Obituaries()
  readonly #main: Host
  readonly #runningHosts: () => readonly number[]
  readonly #actors = new Map<number, Registered>()
  readonly #byName = new Map<string, number>()
  /** The last that are gone, by id. */
  readonly #former = new Map<number, Identity>()

  /** @param runningHosts The numbers of the hosts with running threads, without the main thread's. */
  constructor(main: Host, runningHosts: () => readonly number[]) {
    this.#main = main
    this.#runningHosts = runningHosts
  }

  /** An actor is being started, also at another address than before. */
  starting(data: RefData): void {
    const known = this.#actors.get(data.id)
    // One that is started again is found meanwhile: its messages wait for it.
    this.#actors.set(data.id, {
      data: known === undefined ? data : { ...data, cancel: known.data.cancel, keepsMail: known.data.keepsMail },
      traits: known?.traits,
    })
    if (data.name !== '' && data.isWorker !== true) this.#byName.set(data.name, data.id)
    if (known !== undefined && known.data.host !== data.host) this.#announce({ change: 'moved', actor: data })
  }

  /** It runs, and can be found. */
  started(id: number, traits: ActorTraits): void {
    const actor = this.#actors.get(id)
    if (actor === undefined) return
    actor.traits = traits
    const { cancel, keepsMail } = traits
    if (cancel !== undefined || keepsMail !== undefined) actor.data = { ...actor.data, cancel, keepsMail }
  }

  /** It stops for good, or never started: lookups no longer find it. */
  gone(id: number): void {
    const actor = this.#actors.get(id)
    if (actor === undefined) return
    this.#actors.delete(id)
    this.#keepIdentity(actor.data)
    this.#announce({ change: 'gone', id })
  }

  /** What refs to an actor are made of. */
  dataOf(id: number): RefData | undefined {
    return this.#actors.get(id)?.data
  }

  /** The name and the class of an actor that is or was, also some time after. */
  identityOf(id: number): Identity | undefined {
    return this.#actors.get(id)?.data ?? this.#former.get(id)
  }

  /** The actor that has a name, if it was started. */
  lookup(name: string): RefData | undefined {
    const id = this.#byName.get(name)
    const actor = id === undefined ? undefined : this.#actors.get(id)
    return actor?.traits === undefined ? undefined : actor.data
  }

  /** What to redeliver from a host that goes down; undefined when there is nothing. */
  redeliveryOn(host: number, keepsUnbegun: boolean): Redelivery | undefined {
    const actors: [number, number][] = []
    for (const { data, traits } of this.#actors.values()) {
      if (data.host === host && traits?.maxRedeliveries !== undefined) actors.push([data.id, traits.maxRedeliveries])
    }
    return actors.length > 0 || keepsUnbegun ? { actors, keepsUnbegun } : undefined
  }

  /**
   * Takes a change for an actor, and resolves when every host knows of it: it applies to whatever is sent after that.
   *
   * @throws {ActorStoppedError} When the actor that joins or subscribes is not running.
   */
  async enrol(enrolment: Enrolment): Promise<void> {
    if (enrolment.change === 'join') await this.#tellAll({ ...enrolment, member: this.#known(enrolment.member) })
    else if (enrolment.change === 'subscribe')
      await this.#tellAll({ ...enrolment, subscriber: this.#known(enrolment.subscriber) })
    else await this.#tellAll(enrolment)
  }

  /** A host's thread was started. Tells it everything, before anything is started on it. */
  hostStarted(host: number): void {
    const changes = [...this.#main.roster.changes()]
    if (changes.length > 0) this.#rosterOf(host).tell.apply(changes)
  }

  #keepIdentity({ id, name, definition }: RefData): void {
    if (this.#byName.get(name) === id) this.#byName.delete(name)
    this.#former.set(id, { name, definition })
    const [oldest] = this.#former.keys()
    if (this.#former.size > MAX_FORMER && oldest !== undefined) this.#former.delete(oldest)
  }

  /** A ref made of an address alone knows less than what the actor was started with. */
  #known(data: RefData): RefData {
    const actor = this.#actors.get(data.id)
    if (actor === undefined) throw new ActorStoppedError(formatActor(data), this.obituaries.get(data.id))
    return actor.data
  }

  async #tellAll(change: RosterChange): Promise<void> {
    this.#main.roster.apply(change)
    // A host that goes down meanwhile gets everything when it comes back.
    const told = this.#runningHosts().map(host =>
      this.#rosterOf(host)
        .confirm(change)
        .catch(() => undefined),
    )
    await Promise.all(told)
  }

  #rosterOf(host: number): ServiceClient<RosterService> {
    return serviceAt<RosterService>(this.#main.messenger, { host, id: ROSTER })
  }

  /** Tells all hosts what concerns an actor wherever it is in the roster, and waits for none. */
  #announce(change: Extract<RosterChange, { readonly change: 'gone' | 'moved' }>): void {
    if (!this.#main.roster.has(change.change === 'gone' ? change.id : change.actor.id)) return
    this.#main.roster.apply(change)
    for (const host of this.#runningHosts()) this.#rosterOf(host).tell.apply([change])
  }
}
