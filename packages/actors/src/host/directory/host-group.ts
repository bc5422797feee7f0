import { atCaller, waitFor, showAs } from '@zera/core/internal'
import { copyValues } from '../../messaging/format/copy-values.js'
import type { Messenger } from '../../messaging/messenger.js'
import type { Enrolment } from '../../messaging/services/system-service.js'
import { SystemStoppedError } from '../../model/errors.js'
import type { Tell, WaitOptions } from '../../model/protocol.js'
import { BoundRef } from '../../model/refs/bound-ref.js'
import type { GroupRef } from '../../model/refs/group.js'
import { methodTable } from '../../model/refs/method-table.js'
import { ownRef } from '../../model/refs/own-ref.js'
import type { ActorRef } from '../../model/refs/ref.js'
import type { Roster } from './roster.js'

/** A group, as one host uses it. */
export class HostGroup<A extends object> implements GroupRef<A> {
  readonly #messenger: Messenger
  readonly #roster: Roster
  readonly #name: string
  #tell: Tell<A> | undefined

  static {
    showAs(this.prototype, group => ({ title: `GroupRef(${group.name})`, parts: { members: group.members } }))
  }

  constructor(messenger: Messenger, roster: Roster, name: string) {
    this.#messenger = messenger
    this.#roster = roster
    this.#name = name
  }

  get name(): string {
    return this.#name
  }

  get members(): ActorRef<A>[] {
    return this.#roster.membersOf(this.#name).map(data => new BoundRef<A>(this.#messenger, data))
  }

  async join(actor: ActorRef<A>, options: WaitOptions = {}): Promise<void> {
    const member = ownRef(`join group ${this.#name} with`, actor, this.#messenger)
    await this.#enrol('join', options, { change: 'join', group: this.#name, member })
  }

  async leave(actor: ActorRef<object>, options: WaitOptions = {}): Promise<void> {
    const { id } = ownRef(`leave group ${this.#name} with`, actor, this.#messenger)
    await this.#enrol('leave', options, { change: 'leave', group: this.#name, id })
  }

  get tell(): Tell<A> {
    this.#tell ??= methodTable({}, method => {
      const verb = (...args: unknown[]): boolean => {
        try {
          return this.#tellAll(method, args)
        } catch (error) {
          throw atCaller(error, verb)
        }
      }
      return verb
    }) as unknown as Tell<A>
    return this.#tell
  }

  #enrol(verb: string, options: WaitOptions, enrolment: Enrolment): Promise<void> {
    const wait = { action: `${verb} group ${this.#name}`, leaves: 'work' } as const
    return waitFor(this.#messenger.clock, wait, options, givenUp =>
      this.#messenger.system.until(givenUp).enrol(enrolment),
    )
  }

  #tellAll(method: string, args: unknown[]): boolean {
    if (this.#messenger.isClosed) throw new SystemStoppedError(`tell group ${this.#name}`)
    let hasRoom = true
    const errors: unknown[] = []
    for (const member of this.members) {
      try {
        const isHere = member.address.host === this.#messenger.number
        hasRoom = this.#messenger.tell(member, method, isHere ? copyValues(args, this.#messenger) : args) && hasRoom
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
    return hasRoom
  }
}
