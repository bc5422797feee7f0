import { guarded, toError, type Clock } from '@zera/core/internal'
import type { Envelope, Origin } from '../../messaging/envelope.js'
import { copyValues } from '../../messaging/format/copy-values.js'
import type { OutputGate } from '../../messaging/output-gate.js'
import { ActorFencedError, NotDurableError } from '../../model/durability/durability-errors.js'
import type { DurableSpec } from '../../model/durability/durable-spec.js'
import { readState, writeState, type Durable } from '../../model/durability/kept-state.js'
import type { KeptActor, Reminder, ReminderChange } from '../../model/durability/store.js'
import type { RefHost } from '../../model/refs/bound-ref.js'
import { GatedOrigin } from './gated-origin.js'
import type { Keeper } from './keeper.js'
import { Reminders } from './reminders.js'

/** What the state of a durable actor needs from its cell. */
export interface DurableStateOwner {
  readonly keeper: Pick<Keeper, 'read' | 'keep'>
  readonly messenger: Pick<RefHost, 'identity'>
  readonly clock: Clock
  /** That of the actor on its host. */
  readonly id: number
  /** Which actor, in all processes. */
  readonly key: string
  /** Which actor, for errors. */
  readonly name: string
  readonly spec: DurableSpec
  /** Whether a message is being handled. */
  isHandling(): boolean
  /** Runs what was held, as code of the actor. */
  release(outputs: readonly (() => void)[]): void
  /** Gives the actor a message of its own. */
  deliver(envelope: Envelope): void
  /** It is given up. */
  deadLetter(envelope: Envelope): void
  /** These messages were not handled after all. They come before all others. */
  putBack(handled: readonly Envelope[]): void
  /** The instance has to go. */
  failed(error: Error): void
}

/** Messages that are kept together, and what they send. */
interface Group {
  readonly handled: readonly Envelope[]
  readonly outputs: readonly (() => void)[]
  readonly reminders: readonly ReminderChange[]
}

/** A group, with the state that it leads to. */
interface Commit extends Group {
  readonly state: string
}

const NOTHING: KeptActor = { version: 0, state: '', reminders: [] }
const NOWHERE: OutputGate = { hold: () => undefined }
const NO_GROUP: Group = { handled: [], outputs: [], reminders: [] }

/**
 * The state of one durable actor, from commit to commit.
 *
 * What the actor has handled is a group, until the commit before is done. Then the group's state is committed, and when
 * that is done, what the group has answered and sent leaves. So the actor goes on while a commit is under way, and a
 * commit is for all messages that were handled meanwhile.
 */
export class DurableState {
  readonly #owner: DurableStateOwner
  readonly reminders: Reminders
  /** Of the instance: what one before it has left behind goes nowhere. */
  gate: OutputGate = NOWHERE
  readonly #origins = new WeakMap<Origin, GatedOrigin>()
  /** The instance whose state it is. */
  #actor: Durable | undefined
  #kept = NOTHING
  // What was handled since, in this order:
  #underWay: Commit | undefined
  #next: Commit | undefined
  #handled: Envelope[] = []
  #outputs: (() => void)[] = []
  #reminders: ReminderChange[] = []
  /** What failed before this instance. */
  #failed: ReminderChange[] = []
  #waiting: (() => void)[] = []

  constructor(owner: DurableStateOwner) {
    this.#owner = owner
    this.reminders = new Reminders({
      clock: owner.clock,
      id: owner.id,
      isChanging: id => this.#isChanging(id),
      change: (change, then) => {
        this.#reminders.push(change)
        this.#hold(then)
      },
      deliver: envelope => owner.deliver(envelope),
      deadLetter: envelope => owner.deadLetter(envelope),
    })
  }

  /** Whether all that was handled is kept. */
  get isKept(): boolean {
    return this.#underWay === undefined && this.#next === undefined && this.#isClosed
  }

  /** Resolves when all that was handled is kept. */
  async kept(): Promise<void> {
    while (!this.isKept) await this.#change()
  }

  /** The origin of a message, which learns only of what is kept. */
  gated(origin: Origin): Origin {
    if (origin instanceof GatedOrigin) return origin
    const known = this.#origins.get(origin)
    if (known !== undefined) return known
    const gated = new GatedOrigin(origin, { hold: output => this.gate.hold(output) }, values =>
      copyValues(values, this.#owner.messenger),
    )
    this.#origins.set(origin, gated)
    return gated
  }

  // The life of an instance.

  /**
   * Reads what is kept, when the last commit of the instance before is done.
   *
   * @param isWanted Whether an instance still waits for it.
   * @throws {NotDurableError} When the system has no store.
   */
  async read(isWanted: () => boolean): Promise<void> {
    const { keeper, key, name } = this.#owner
    while (this.#underWay !== undefined) await this.#change()
    this.#kept = (await keeper.read(key, name, isWanted)) ?? NOTHING
    this.reminders.load(this.#kept.reminders)
  }

  /**
   * Gives a new instance the state that is kept.
   *
   * @throws What goes wrong with that.
   */
  restore(actor: Durable): void {
    const { name, spec } = this.#owner
    if ((actor.onSave === undefined) !== (actor.onLoad === undefined))
      throw new NotDurableError(name, 'it has one of onSave and onLoad; give it both, or none')
    if (this.#kept.version > 0) readState(actor, this.#kept.state, name, spec)
  }

  /**
   * The state is that of an instance which has started.
   *
   * @throws {StateNotKeptError} When its state cannot be kept.
   */
  use(actor: Durable): void {
    this.#stateOf(actor)
    this.#actor = actor
    const gate: OutputGate = { hold: output => gate === this.gate && this.#hold(output) }
    this.gate = gate
    const failed = this.#failed.splice(0)
    this.reminders.apply(failed)
    this.reminders.arm()
    this.#reminders.unshift(...failed)
    this.#goOn()
  }

  /** The instance has ended: what it has handled and is in no commit yet has not been handled. */
  rollBack(): void {
    this.end()
    this.#owner.putBack(this.#forget())
    this.#changed()
  }

  /** The actor ends now: what is not kept was interrupted, and so was the commit under way. Returns those messages. */
  abandon(): readonly Envelope[] {
    const underWay = this.#underWay?.handled ?? []
    this.#underWay = undefined
    this.end()
    const left = [...underWay, ...this.#forget()]
    this.#changed()
    return left
  }

  /** The instance has ended, with all that it has handled kept. */
  end(): void {
    this.#actor = undefined
    this.gate = NOWHERE
    this.reminders.disarm()
  }

  /** Drops what is in no commit. Returns its messages. */
  #forget(): Envelope[] {
    const handled = [...(this.#next?.handled ?? []), ...this.#handled]
    this.#next = undefined
    this.#handled = []
    this.#outputs = []
    this.#reminders = []
    return handled
  }

  // What its messages do.

  /** Whether the actor has a reminder already that comes in the same steps with the same message. */
  hasReminder(reminder: Reminder): boolean {
    return !this.#isChanging(reminder.id) && this.reminders.hasAlike(reminder)
  }

  /** Lets the actor have a message later; undefined takes one back. */
  remind(id: string, reminder: Reminder | undefined): void {
    this.#reminders.push({ id, reminder })
    if (!this.#owner.isHandling()) this.#goOn()
  }

  /** The handler of a message has thrown, so that the message is over, and if it was a reminder, that one is. */
  failed(envelope: Envelope): void {
    const change = this.#overBy(envelope)
    // It is part of the first commit of the next instance.
    if (change !== undefined) this.#failed.push(change)
  }

  /** Runs something when all that was handled until now is kept, and what is being handled, too. */
  #hold(output: () => void): void {
    this.#outputs.push(output)
    // Code that a handler has left behind changes no state that is between two messages.
    if (!this.#owner.isHandling()) this.#goOn()
  }

  /**
   * A handler begins that may run for long. What was handled before does not wait for it.
   *
   * @throws {StateNotKeptError} When the state cannot be kept.
   */
  part(): void {
    if (this.#isClosed) return
    this.#close()
    this.#commitNext()
  }

  /**
   * A message was handled. It is over when that is kept.
   *
   * @throws {StateNotKeptError} When the state cannot be kept: then the message has not been handled.
   */
  handled(envelope: Envelope): void {
    if (this.#actor === undefined) {
      // It went on after a roll-back.
      this.#outputs = []
      this.#owner.putBack([envelope])
      return
    }
    const change = this.#overBy(envelope)
    if (change !== undefined) this.#reminders.push(change)
    this.#handled.push(envelope)
    if (this.#underWay !== undefined) return
    try {
      this.#close()
    } catch (error) {
      this.#handled.pop()
      throw error
    }
    this.#commitNext()
  }

  /** What the end of a message changes, unless it, or one before it, has set that reminder anew. */
  #overBy(envelope: Envelope): ReminderChange | undefined {
    const change = this.reminders.after(envelope)
    return change === undefined || this.#isChanging(change.id) ? undefined : change
  }

  /** Whether a reminder is changed by what is not kept yet. */
  #isChanging(id: string): boolean {
    const changing = [this.#underWay, this.#next, { reminders: this.#reminders }]
    return changing.some(group => group?.reminders.some(change => change.id === id))
  }

  get #isClosed(): boolean {
    return this.#handled.length === 0 && this.#outputs.length === 0 && this.#reminders.length === 0
  }

  /** Takes the state that the group has led to; the actor is between two messages. */
  #close(): void {
    if (this.#actor === undefined) return
    const state = this.#stateOf(this.#actor)
    const { handled, outputs, reminders } = this.#next ?? NO_GROUP
    this.#next = {
      state,
      handled: [...handled, ...this.#handled],
      outputs: [...outputs, ...this.#outputs],
      reminders: lastOfEach([...reminders, ...this.#reminders]),
    }
    this.#handled = []
    this.#outputs = []
    this.#reminders = []
  }

  #stateOf(actor: Durable): string {
    return writeState(actor, this.#owner.name, this.#owner.spec)
  }

  #commitNext(): void {
    const commit = this.#next
    if (commit === undefined || this.#underWay !== undefined) return
    this.#next = undefined
    if (commit.state === this.#kept.state && commit.reminders.length === 0) {
      this.#settle(commit)
      return
    }
    this.#underWay = commit
    const { keeper, key } = this.#owner
    const { state, reminders } = commit
    const version = this.#kept.version + 1
    void keeper.keep({ key, version, state, reminders }).then(outcome => {
      if (this.#underWay !== commit) return
      this.#underWay = undefined
      if (outcome === 'kept') {
        this.#kept = { version, state, reminders: [] }
        this.reminders.apply(reminders)
        this.#settle(commit)
        this.#goOn()
      } else this.#fenced(commit, version)
      this.#changed()
    })
  }

  /** What was held leaves, and its messages are over. */
  #settle({ handled, outputs }: Commit): void {
    this.#owner.release(outputs)
    for (const envelope of handled) guarded(() => envelope.origin.finish(envelope))
  }

  /** Commits what has become ready, unless a handler changes the state just now. */
  #goOn(): void {
    if (this.#underWay !== undefined) return
    if (this.#next === undefined && !this.#isClosed && !this.#owner.isHandling()) {
      try {
        this.#close()
      } catch (error) {
        this.#owner.failed(toError(error))
        return
      }
    }
    this.#commitNext()
  }

  #fenced({ handled }: Commit, version: number): void {
    // One that had failed meanwhile reads what is kept anyway.
    const isRunning = this.#actor !== undefined
    this.rollBack()
    this.#owner.putBack(handled)
    if (isRunning) this.#owner.failed(new ActorFencedError(this.#owner.name, version))
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

function lastOfEach(changes: readonly ReminderChange[]): ReminderChange[] {
  return [...new Map(changes.map(change => [change.id, change])).values()]
}
