import { inRootContext, toError, type Clock } from '@zera/core/internal'
import type { OutgoingMessage } from '../../messaging/outgoing-message.js'
import { NotDurableError } from '../../model/durability/durability-errors.js'
import {
  STORE_NAME,
  type ActorCommit,
  type CommitOutcome,
  type KeptMessage,
  type KeptReport,
  type StoreActor,
} from '../../model/durability/store.js'
import { uniqueId } from '../../model/durability/unique-id.js'
import type { Logger } from '../../model/log.js'
import type { ActorRef } from '../../model/refs/ref.js'

/** How long a host waits before it tries again what its store has refused, at first and at most. */
const FIRST_RETRY_MS = 20
const LAST_RETRY_MS = 1000

const RESOLVED = Promise.resolve()

/** What a keeper needs from its host. */
export interface KeeperHost {
  readonly clock: Clock
  readonly directory: { lookup(name: string): Promise<ActorRef<object> | undefined> }
  readonly log: Pick<Logger, 'warn' | 'info'>
  /** Whether the system has stopped. */
  readonly isClosed: () => boolean
}

/** What changes of one actor. */
export interface StateChange extends Omit<ActorCommit, 'id' | 'sent'> {
  readonly sent: readonly OutgoingMessage[]
}

interface Waiting {
  readonly commit: ActorCommit
  readonly settle: (outcome: CommitOutcome) => void
}

/**
 * Keeps the states of all durable actors of a host: what they change in a turn is one commit. While the store is
 * unavailable it tries again, and they wait.
 */
export class Keeper {
  readonly #host: KeeperHost
  /** Begins the ids of its commits. */
  #name: string | undefined
  #count = 0
  #store: Promise<ActorRef<StoreActor>> | undefined
  #waiting: Waiting[] = []
  /** Whether the store has refused something, and nothing has succeeded since. */
  #isRefused = false

  constructor(host: KeeperHost) {
    this.#host = host
  }

  /**
   * What is kept of an actor, and where.
   *
   * @param isWanted Whether the actor still waits for it.
   * @throws {NotDurableError} When the system has no store.
   */
  read(key: string, actor: string, isWanted: () => boolean): Promise<Extract<KeptReport, { store: string }>> {
    return this.#persist(actor, isWanted, async store => {
      const report = await store.ask({ timeoutMs: Infinity }).read(key)
      if ('unavailable' in report) throw report.unavailable
      return report
    })
  }

  /**
   * What an actor has answered to an ask with an id; undefined when it has not.
   *
   * @param isWanted Whether the actor still waits for it; rejects when it does not.
   */
  answer(key: string, id: string, actor: string, isWanted: () => boolean): Promise<string | undefined> {
    return this.#persist(actor, isWanted, async store => {
      const report = await store.ask({ timeoutMs: Infinity }).answer(key, id)
      if ('unavailable' in report) throw report.unavailable
      return report.answer
    })
  }

  /**
   * The first messages in the durable mailbox of an actor.
   *
   * @param isWanted Whether the actor still waits for them; rejects when it does not.
   */
  messages(key: string, actor: string, most: number, isWanted: () => boolean): Promise<readonly KeptMessage[]> {
    return this.#persist(actor, isWanted, async store => {
      const report = await store.ask({ timeoutMs: Infinity }).messages(key, most)
      if ('unavailable' in report) throw report.unavailable
      return report.messages
    })
  }

  /** Keeps a state, with all others that change in this turn. Resolves when it is on disk, and never rejects. */
  keep(change: StateChange): Promise<CommitOutcome> {
    return new Promise(settle => {
      this.#name ??= uniqueId()
      const { sent, ...rest } = change
      const messages = sent.map(({ to, method, text }) => ({ to, method, args: text }))
      const commit = { ...rest, id: `${this.#name}-${++this.#count}`, sent: messages }
      this.#waiting.push({ commit, settle })
      if (this.#waiting.length === 1) void RESOLVED.then(() => this.#host.clock.soon(this.#commit))
    })
  }

  readonly #commit = (): void => {
    // Its actors have gone with the system.
    inRootContext(() => void this.#commitAll().catch(() => undefined))
  }

  async #commitAll(): Promise<void> {
    const changes = this.#waiting.splice(0)
    const commits = changes.map(({ commit }) => commit)
    const outcomes = await this.#persist(
      '',
      () => !this.#host.isClosed(),
      async store => {
        const { value: report } = await store.stream.commit(commits).next()
        if (report === undefined) throw new Error('the store has ended without a word')
        if ('unavailable' in report) throw report.unavailable
        return report.outcomes
      },
    )
    for (const [index, { settle }] of changes.entries()) settle(outcomes[index] ?? { kind: 'fenced' })
  }

  async #persist<T>(
    actor: string,
    isWanted: () => boolean,
    use: (store: ActorRef<StoreActor>) => Promise<T>,
  ): Promise<T> {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, LAST_RETRY_MS)) {
      try {
        const result = await use(await this.#find(actor))
        if (this.#isRefused) this.#host.log.info('the store is back')
        this.#isRefused = false
        return result
      } catch (error) {
        if (error instanceof NotDurableError || !isWanted()) throw error
        this.#refused(toError(error))
      }
      await new Promise<void>(resolve => void this.#host.clock.after(waitMs, resolve))
      if (!isWanted()) throw new NotDurableError(actor, 'it was stopped while its store was unavailable')
    }
  }

  #refused(err: Error): void {
    if (!this.#isRefused) this.#host.log.warn('the store is unavailable; durable actors wait for it', { err })
    this.#isRefused = true
  }

  async #find(actor: string): Promise<ActorRef<StoreActor>> {
    this.#store ??= this.#host.directory.lookup(STORE_NAME).then(store => {
      if (store !== undefined) return store as unknown as ActorRef<StoreActor>
      throw new NotDurableError(
        actor,
        "the system has no store; start it with one: startSystem({ store: sqlite('app.db') }), of @zera/store",
      )
    })
    try {
      return await this.#store
    } catch (error) {
      this.#store = undefined
      throw error
    }
  }
}
