import { guarded, toError, type Clock } from '@zera/core/internal'
import { isKept, type Envelope, type Origin } from '../../messaging/envelope.js'
import { copyValues } from '../../messaging/format/copy-values.js'
import type { Messenger } from '../../messaging/messenger.js'
import type { OutgoingMessage } from '../../messaging/outgoing-message.js'
import type { OutputGate } from '../../messaging/output-gate.js'
import { ActorFencedError, NotDurableError, SqlRefusedError } from '../../model/durability/durability-errors.js'
import type { DurableSpec } from '../../model/durability/durable-spec.js'
import { readState, writeState, type Durable } from '../../model/durability/kept-state.js'
import type { KeptActor, Reminder, ReminderChange, SqlStatement } from '../../model/durability/store.js'
import { uniqueId } from '../../model/durability/unique-id.js'
import type { DurableSnapshot } from '../../model/events/snapshot.js'
import type { RefHost } from '../../model/refs/bound-ref.js'
import { Forwarder } from './forwarder.js'
import { GatedOrigin } from './gated-origin.js'
import { Group } from './group.js'
import type { Keeper } from './keeper.js'
import { KeptAnswers } from './kept-answers.js'
import { KeptMailbox } from './kept-mailbox.js'
import { Reminders } from './reminders.js'

/** What the state of a durable actor needs from its cell. */
export interface DurableStateOwner {
  readonly keeper: Pick<Keeper, 'read' | 'messages' | 'answer' | 'keep'>
  readonly messenger: Pick<RefHost, 'identity'> & Pick<Messenger, 'forward'>
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
  /** Keeps a message that has arrived, before it is handled. */
  adopt(envelope: Envelope): void
  /** It is given up. */
  deadLetter(envelope: Envelope): void
  /** These messages were not handled after all. They come before all others. */
  putBack(handled: readonly Envelope[]): void
  /** A message that was handled fails after all. */
  refuse(handled: Envelope, error: Error): void
  /** Its durable mailbox begins anew: messages that came from there will come again. */
  dropKept(): void
  /** It may handle messages again. */
  resume(): void
  /** The instance has to go. */
  failed(error: Error): void
}

/** A group, with the state that it leads to. */
interface Commit {
  readonly group: Group
  readonly state: string
}

const NOTHING: KeptActor = { version: 0, state: '', reminders: [] }
const NOWHERE: OutputGate = { hold: () => undefined, post: () => undefined }

/** Messages that an actor handles at most while a commit is under way: so many are handled again when it fails. */
const MOST_UNKEPT = 256

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
  /** Undefined when its mailbox is not kept. */
  readonly mailbox: KeptMailbox | undefined
  /** Of the instance: what one before it has left behind goes nowhere. */
  gate: OutputGate = NOWHERE
  readonly #forwarder: Forwarder
  readonly #answers: KeptAnswers
  /** Of messages that are in no store. */
  readonly #effects = new WeakMap<Envelope, string>()
  readonly #origins = new WeakMap<Origin, GatedOrigin>()
  /** The instance whose state it is. */
  #actor: Durable | undefined
  #kept = NOTHING
  /** Where it is kept. */
  #store = ''
  // What was handled since, in this order:
  #underWay: Commit | undefined
  #next: Commit | undefined
  #open = new Group()
  /** What failed before this instance. */
  #failed = new Group()
  #waiting: (() => void)[] = []
  #commits = 0
  /** When the commit under way was given to the store. */
  #givenAt = 0

  constructor(owner: DurableStateOwner) {
    this.#owner = owner
    this.#forwarder = new Forwarder(owner.messenger)
    this.reminders = new Reminders({
      clock: owner.clock,
      id: owner.id,
      isChanging: id => this.#isChanging(id),
      change: (change, then) => {
        this.#open.reminders.set(change.id, change)
        this.#hold(then)
      },
      deliver: envelope => owner.deliver(envelope),
      deadLetter: envelope => owner.deadLetter(envelope),
    })
    this.#answers = new KeptAnswers({
      keeper: owner.keeper,
      key: owner.key,
      name: owner.name,
      groups: () => this.#groups,
      isRunning: () => this.#actor !== undefined,
    })
    this.mailbox = owner.spec.mailbox ? this.#keptMailbox() : undefined
  }

  #keptMailbox(): KeptMailbox {
    const owner = this.#owner
    const { id, key, name, keeper, clock } = owner
    return new KeptMailbox({
      clock,
      id,
      read: most => keeper.messages(key, name, most, () => this.#actor !== undefined),
      tried: (numbers, then) => {
        this.#open.tried.push(...numbers)
        this.#hold(then)
      },
      over: numbers => {
        this.#open.failed.push(...numbers)
        this.#change()
      },
      deliver: envelope => owner.deliver(envelope),
      adopt: envelope => owner.adopt(envelope),
      deadLetter: envelope => owner.deadLetter(envelope),
    })
  }

  /** Whether all that was handled is kept. */
  get isKept(): boolean {
    return this.#underWay === undefined && this.#next === undefined && this.#isClosed
  }

  get snapshot(): DurableSnapshot {
    return {
      commits: this.#commits,
      unkept: this.#groups.reduce((sum, { handled }) => sum + handled.length, 0),
      lagMs: this.#underWay === undefined ? 0 : this.#owner.clock.now() - this.#givenAt,
      reminders: this.reminders.size,
    }
  }

  /** Whether so much is not kept that nothing more should be handled. */
  get isFull(): boolean {
    return this.#open.handled.length + (this.#next?.group.handled.length ?? 0) >= MOST_UNKEPT
  }

  /** Resolves when all that was handled is kept. */
  async kept(): Promise<void> {
    // A handler that was left alone has no end.
    this.#goOn()
    while (!this.isKept) await this.#untilChanged()
  }

  /** The origin of a message, which learns only of what is kept. */
  gated(origin: Origin): Origin {
    if (origin instanceof GatedOrigin) return origin
    const known = this.#origins.get(origin)
    if (known !== undefined) return known
    const gate = { hold: (output: () => void) => this.gate.hold(output) }
    const gated = new GatedOrigin(origin, gate, values => copyValues(values, this.#owner.messenger))
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
    while (this.#underWay !== undefined) await this.#untilChanged()
    const { kept, store } = await keeper.read(key, name, isWanted)
    this.#kept = kept ?? NOTHING
    this.#store = store
    if (this.#kept.version === 0) this.#forwarder.mayFollow = false
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
    if (spec.state && this.#kept.state !== '') readState(actor, this.#kept.state, name, spec)
  }

  /**
   * The state is that of an instance which has started.
   *
   * @throws {StateNotKeptError} When its state cannot be kept.
   */
  use(actor: Durable): void {
    this.#stateOf(actor)
    this.#actor = actor
    const gate: OutputGate = {
      hold: output => gate === this.gate && this.#hold(output),
      post: message => gate === this.gate && this.#post(message),
    }
    this.gate = gate
    const failed = this.#failed
    this.#failed = new Group()
    this.reminders.apply([...failed.reminders.values()])
    this.reminders.arm()
    failed.add(this.#open)
    this.#open = failed
    this.#goOn()
    this.mailbox?.open()
  }

  /** The instance has ended: what it has handled and is in no commit yet has not been handled. */
  rollBack(): void {
    this.end()
    this.#owner.putBack(this.#forget())
    this.#changed()
  }

  /** The actor ends now: what is not kept was interrupted, and so was the commit under way. Returns those messages. */
  abandon(): readonly Envelope[] {
    const underWay = this.#underWay?.group.handled ?? []
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

  /** The actor takes no more messages. */
  close(): void {
    this.mailbox?.close()
  }

  /** What becomes of a message that arrives; see `KeptMailbox`. */
  arrives(envelope: Envelope): 'now' | 'held' | 'left' {
    return this.mailbox?.arrives(envelope) ?? 'now'
  }

  /** Takes out a message that is held. Returns whether it was. */
  remove(envelope: Envelope): boolean {
    return this.mailbox?.remove(envelope) ?? false
  }

  /** Takes out all that are held. */
  takeHeld(): Envelope[] {
    return this.mailbox?.takeHeld() ?? []
  }

  /** A message is given back, and was not handled. */
  givenBack(envelope: Envelope): void {
    if (isKept(envelope)) this.mailbox?.givenBack(envelope.correlation)
  }

  /**
   * A handler has set its message aside. What waits for its end does not wait for the message.
   *
   * @throws {StateNotKeptError} When the state cannot be kept.
   */
  setAside(envelope: Envelope): void {
    if (isKept(envelope)) this.mailbox?.setAside(envelope.correlation)
    this.part()
  }

  /** Drops what is in no commit. Returns its messages. */
  #forget(): Envelope[] {
    const dropped = this.#next === undefined ? [this.#open] : [this.#next.group, this.#open]
    for (const { failed } of dropped) this.#failed.failed.push(...failed)
    const handled = dropped.flatMap(group => group.handled)
    this.#next = undefined
    this.#open = new Group()
    return handled
  }

  // What its messages do.

  /** Whether the actor has a reminder already that comes in the same steps with the same message. */
  hasReminder(reminder: Reminder): boolean {
    return !this.#isChanging(reminder.id) && this.reminders.hasAlike(reminder)
  }

  /** Lets the actor have a message later; undefined takes one back. */
  remind(id: string, reminder: Reminder | undefined): void {
    this.#open.reminders.set(id, { id, reminder })
    this.#change()
  }

  /** Adds a statement to the commit of a message, or of what the actor does outside of one. */
  change(statement: SqlStatement, by: Envelope | undefined): void {
    this.#open.statements.push({ statement, by })
    this.#change()
  }

  /** Handles an ask with an id, or gets what was answered to the same before. */
  once(envelope: Envelope, handle: () => unknown): Promise<unknown> {
    return this.#answers.once(envelope, handle)
  }

  /** What has handled an ask with an id returns this. */
  answered(envelope: Envelope, value: unknown): void {
    this.#answers.add(envelope, value, this.#open)
  }

  /** Identifies what a message does, however often it is handled. */
  effectOf(envelope: Envelope): string {
    const { key } = this.#owner
    if (isKept(envelope)) return `${this.#store}/${envelope.correlation}`
    if (envelope.id !== undefined) return `${this.#store}/${key}/${envelope.id}`
    const known = this.reminders.idOf(envelope) ?? this.#effects.get(envelope) ?? uniqueId()
    this.#effects.set(envelope, known)
    return `${this.#store}/${key}/${known}`
  }

  /** The handler of a message has thrown, so that the message is over, and if it was a reminder, that one is. */
  failed(envelope: Envelope): void {
    // It is part of the first commit of the next instance.
    const change = this.#overBy(envelope)
    if (change !== undefined) this.#failed.reminders.set(change.id, change)
    if (isKept(envelope)) this.#failed.failed.push(envelope.correlation)
  }

  /** Runs something when all that was handled until now is kept, and what is being handled, too. */
  #hold(output: () => void): void {
    this.#open.outputs.push(output)
    this.#change()
  }

  #post(message: OutgoingMessage): void {
    this.#open.sent.push(message)
    this.#change()
  }

  /** Code that a handler has left behind changes no state that is between two messages. */
  #change(): void {
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
      this.#open = new Group()
      this.#owner.putBack([envelope])
      return
    }
    const change = this.#overBy(envelope)
    if (change !== undefined) this.#open.reminders.set(change.id, change)
    this.#open.handled.push(envelope)
    if (this.#underWay !== undefined) return
    try {
      this.#close()
    } catch (error) {
      this.#open.handled.pop()
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
    return this.#groups.some(({ reminders }) => reminders.has(id))
  }

  /** All that is not kept, in its order. */
  get #groups(): Group[] {
    const commits = [this.#underWay, this.#next].filter(commit => commit !== undefined)
    return [...commits.map(({ group }) => group), this.#open]
  }

  get #isClosed(): boolean {
    return this.#open.isEmpty
  }

  /** Takes the state that the group has led to; the actor is between two messages. */
  #close(): void {
    if (this.#actor === undefined) return
    const state = this.#stateOf(this.#actor)
    const group = this.#next?.group ?? new Group()
    group.add(this.#open)
    this.#open = new Group()
    this.#next = { state, group }
  }

  #stateOf(actor: Durable): string {
    return writeState(actor, this.#owner.name, this.#owner.spec)
  }

  #commitNext(): void {
    const commit = this.#next
    if (commit === undefined || this.#underWay !== undefined) return
    this.#next = undefined
    const { group, state } = commit
    if (state === this.#kept.state && !group.isChange) {
      this.#settle(group)
      return
    }
    this.#underWay = commit
    this.#givenAt = this.#owner.clock.now()
    const { keeper, key } = this.#owner
    const version = this.#kept.version + 1
    const { sent, over: handled, tried, answers } = group
    const reminders = [...group.reminders.values()]
    const statements = group.statements.map(({ statement }) => statement)
    const change = { key, version, state, reminders, sent, handled, tried, answers, statements }
    void keeper.keep(change).then(outcome => {
      // Also when the actor has ended meanwhile.
      if (outcome.kind === 'kept')
        for (const [place, message] of sent.entries()) this.#forwarder.forward(message, outcome.numbers[place] ?? 0)
      if (this.#underWay !== commit) return
      this.#underWay = undefined
      if (outcome.kind === 'kept') {
        this.#kept = { version, state, reminders: [] }
        this.#commits += 1
        this.reminders.apply(reminders)
        this.#settle(group)
        this.mailbox?.kept(handled)
        this.#goOn()
        this.#owner.resume()
      } else if (outcome.kind === 'refused') this.#refused(group, outcome.statement, outcome.error)
      else this.#fenced(group, version)
      this.#changed()
    })
  }

  /** What was held leaves, and its messages are over. */
  #settle({ handled, outputs }: Group): void {
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

  /** The message whose statement it was is given back. */
  #refused({ handled, failed, statements }: Group, at: number, cause: Error): void {
    const { statement, by } = statements[at] ?? { statement: { sql: '' }, by: undefined }
    const error = new SqlRefusedError(this.#owner.name, statement.sql, { cause })
    const isRunning = this.#actor !== undefined
    this.rollBack()
    this.#failed.failed.push(...failed)
    this.#owner.putBack(handled.filter(envelope => envelope !== by))
    if (by !== undefined) this.#owner.refuse(by, error)
    if (isRunning) this.#owner.failed(error)
  }

  #fenced({ handled }: Group, version: number): void {
    // One that had failed meanwhile reads what is kept anyway.
    const isRunning = this.#actor !== undefined
    this.rollBack()
    this.#owner.putBack(handled)
    this.#failed.failed.length = 0
    this.mailbox?.clear()
    this.#owner.dropKept()
    this.#forwarder.mayFollow = true
    this.#forwarder.reset()
    if (isRunning) this.#owner.failed(new ActorFencedError(this.#owner.name, version))
  }

  #untilChanged(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
