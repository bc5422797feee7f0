import type { Envelope } from '../../messaging/envelope.js'
import { readArgs, writeAnswer } from '../../model/durability/kept-state.js'
import type { Group } from './group.js'
import type { Keeper } from './keeper.js'

/** What the answers of an actor need from the state that they belong to. */
export interface KeptAnswersOwner {
  readonly keeper: Pick<Keeper, 'answer'>
  readonly key: string
  readonly name: string
  /** What is not kept yet. */
  groups(): readonly Group[]
  /** Whether the actor still waits for an answer of the store. */
  isRunning(): boolean
}

/** The answers of one actor to asks with an id: the same id gets the same one again, and no handler runs. */
export class KeptAnswers {
  readonly #owner: KeptAnswersOwner
  /** Asks that get an answer again. */
  readonly #repeated = new WeakSet<Envelope>()

  constructor(owner: KeptAnswersOwner) {
    this.#owner = owner
  }

  /** Handles an ask, or gets what was answered to the same before. */
  async once(envelope: Envelope, handle: () => unknown): Promise<unknown> {
    const { keeper, key, name } = this.#owner
    const id = envelope.id as string
    const known = this.#unkept(id) ?? (await keeper.answer(key, id, name, () => this.#owner.isRunning()))
    if (known === undefined) {
      // What it repeated may have been rolled back.
      this.#repeated.delete(envelope)
      return handle()
    }
    this.#repeated.add(envelope)
    return readArgs(known)[0]
  }

  /**
   * Adds what an ask is answered to what is to be kept, unless it is kept already.
   *
   * @throws {MessageNotKeptError} When that cannot be kept.
   */
  add(envelope: Envelope, value: unknown, group: Group): void {
    if (this.#repeated.has(envelope)) return
    const answer = writeAnswer(value, `the answer of ${envelope.method}() of ${this.#owner.name}`)
    group.answers.push({ id: envelope.id as string, answer })
  }

  #unkept(id: string): string | undefined {
    return this.#owner
      .groups()
      .flatMap(({ answers }) => answers)
      .find(answer => answer.id === id)?.answer
  }
}
