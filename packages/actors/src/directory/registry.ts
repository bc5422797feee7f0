import { formatAddress } from '../address.js'
import { ActorStoppedError } from '../errors.js'
import type { Host } from '../host.js'
import type { RefData } from '../ref.js'
import { ROSTER } from './roster-service.js'
import type { RosterChange } from './roster.js'

/** What one actor says of itself when it joins, leaves, subscribes. */
export type Enrolment = Exclude<RosterChange, { readonly change: 'gone' | 'moved' }>

interface Registered {
  readonly data: RefData
  isStarted: boolean
}

/**
 * Which actors there are, by id and by name; and the roster of groups and topics, which it keeps the same on all hosts.
 *
 * It runs in the main thread, and is asked only when something changes: what is sent goes by each host's own copy.
 */
export class Registry {
  readonly #main: Host
  readonly #runningHosts: () => readonly number[]
  readonly #actors = new Map<number, Registered>()
  readonly #byName = new Map<string, number>()

  /** @param runningHosts The numbers of the hosts beside the main thread's whose threads run. */
  constructor(main: Host, runningHosts: () => readonly number[]) {
    this.#main = main
    this.#runningHosts = runningHosts
  }

  /** An actor is being started, also at another address than before. */
  starting(data: RefData): void {
    const known = this.#actors.get(data.id)
    // One that is started again is found meanwhile: its messages wait for it.
    this.#actors.set(data.id, { data, isStarted: known?.isStarted === true })
    if (data.name !== '') this.#byName.set(data.name, data.id)
    if (known !== undefined && known.data.host !== data.host) void this.#tellAll({ change: 'moved', actor: data })
  }

  /** It runs, and can be found. */
  started(id: number): void {
    const actor = this.#actors.get(id)
    if (actor !== undefined) actor.isStarted = true
  }

  /** It stops for good, or never started: nobody finds it any more. */
  gone(id: number): void {
    const actor = this.#actors.get(id)
    if (actor === undefined) return
    this.#actors.delete(id)
    if (this.#byName.get(actor.data.name) === id) this.#byName.delete(actor.data.name)
    void this.#tellAll({ change: 'gone', id })
  }

  /** Who has a name, when it was started. */
  lookup(name: string): RefData | undefined {
    const id = this.#byName.get(name)
    const actor = id === undefined ? undefined : this.#actors.get(id)
    return actor?.isStarted === true ? actor.data : undefined
  }

  /**
   * Takes a change for an actor, and resolves when every host knows of it: whatever is sent after that goes by it.
   *
   * @throws {ActorStoppedError} When the actor that joins or subscribes is not running.
   */
  async enrol(enrolment: Enrolment): Promise<void> {
    if (enrolment.change === 'join') await this.#tellAll({ ...enrolment, member: this.#known(enrolment.member) })
    else if (enrolment.change === 'subscribe') await this.#tellAll({ ...enrolment, subscriber: this.#known(enrolment.subscriber) })
    else await this.#tellAll(enrolment)
  }

  /** A host's thread was started: it is told everything, before anything is started on it. */
  hostStarted(host: number): void {
    const changes = [...this.#main.roster.changes()]
    if (changes.length > 0) void this.#tell(host, changes)
  }

  /** A ref made of an address alone knows less than what the actor was started with. */
  #known(data: RefData): RefData {
    const actor = this.#actors.get(data.id)
    if (actor === undefined) throw new ActorStoppedError(formatAddress(data, data.name))
    return actor.data
  }

  async #tellAll(change: RosterChange): Promise<void> {
    this.#main.roster.apply(change)
    await Promise.all(this.#runningHosts().map(host => this.#tell(host, [change])))
  }

  /** A host that goes down meanwhile is told everything when it comes back. */
  async #tell(host: number, changes: readonly RosterChange[]): Promise<void> {
    await this.#main.messenger.askService({ host, id: ROSTER }, 'apply', [changes]).catch(() => undefined)
  }
}
