import { SystemStoppedError } from '../../model/errors.js'
import { methodTable } from '../../model/method-table.js'
import type { Tell } from '../../model/protocol.js'
import { ActorRef } from '../../model/ref.js'
import { copyValues } from '../../messaging/format/copy-values.js'
import type { DirectoryHost } from './directory.js'

/**
 * Actors that go by one name together, as they are known on one host. Get it from `system.group` or `context.group`; a group exists as long as it has members.
 *
 * A member that is stopped for good leaves by itself; one that is restarted stays.
 */
export class GroupRef<A extends object> {
  readonly #host: DirectoryHost
  readonly #name: string
  #tell: Tell<A> | undefined

  constructor(host: DirectoryHost, name: string) {
    this.#host = host
    this.#name = name
  }

  get name(): string {
    return this.#name
  }

  /** Those that this host knows of, in the order in which they joined. */
  get members(): ActorRef<A>[] {
    return this.#host.roster.membersOf(this.#name).map(data => new ActorRef<A>(this.#host.messenger, data))
  }

  /** Adds an actor, and resolves when every host knows. One that is in the group already stays where it is. @throws {ActorStoppedError} When it is not running. */
  async join(actor: ActorRef<A>): Promise<void> {
    await this.#host.enrol({ change: 'join', group: this.#name, member: actor.data })
  }

  /** Takes an actor out, and resolves when every host knows. One that is not in the group is fine. */
  async leave(actor: ActorRef<object>): Promise<void> {
    await this.#host.enrol({ change: 'leave', group: this.#name, id: actor.address.id })
  }

  /**
   * Tells all members: `group.tell.reload()`. Each message goes straight to its member, a copy of its own, in order with what is told to it otherwise.
   *
   * @returns False when one of them returned false.
   * @throws {SystemStoppedError} After the system's stop. @throws What the first of them threw that cannot be told, when all others were told. @see ActorRef.tell
   */
  get tell(): Tell<A> {
    this.#tell ??= methodTable({}, method => (...args: unknown[]) => this.#tellAll(method, args)) as unknown as Tell<A>
    return this.#tell
  }

  #tellAll(method: string, args: unknown[]): boolean {
    if (this.#host.messenger.isClosed) throw new SystemStoppedError(`tell group ${this.#name}`)
    let hasRoom = true
    const errors: unknown[] = []
    for (const member of this.members) {
      try {
        const isHere = member.address.host === this.#host.number
        hasRoom = this.#host.messenger.tell(member, method, isHere ? copyValues(args) : args) && hasRoom
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
    return hasRoom
  }
}
