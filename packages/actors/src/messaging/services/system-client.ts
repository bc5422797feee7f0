import { describeValue, MessageTooLargeError, throwUncaught, type Progress } from '@zera/core/internal'
import { cloneable } from '../../model/cloneable-error.js'
import { MailboxFullError } from '../../model/errors.js'
import type { DeadLetter, DeadLetterReason } from '../../model/events/dead-letter.js'
import type { Envelope } from '../envelope.js'
import type { ToldService } from './service-client.js'
import type { SystemService } from './system-service.js'

/** How a host reaches the system's service in the main thread. */
export interface SystemPost {
  /** Sends rare messages, also when many messages wait. */
  readonly tell: ToldService<SystemService>
  /**
   * Sends messages that may be frequent.
   *
   * @throws {MailboxFullError} When too many messages wait.
   * @throws {NotCloneableError}
   */
  readonly record: Pick<ToldService<SystemService>, 'deadLetter'>
  /** Resolves when there is room again. */
  ready(): Promise<void>
  /** Counts the messages held here. */
  hold(messages: number): void
}

/** What one host reports to the system by itself. Nothing here throws: these reports are about failures already. */
export class SystemClient {
  readonly #host: number
  readonly #post: SystemPost
  #unrecorded = 0
  #told = 0

  constructor(host: number, post: SystemPost) {
    this.#host = host
    this.#post = post
  }

  /** An actor has failed. */
  failed(id: number, error: Error, method: string): void {
    try {
      this.#post.tell.failed(id, cloneable(error), method)
    } catch (tooLarge) {
      if (!(tooLarge instanceof MessageTooLargeError)) throw tooLarge
      this.#post.tell.failed(id, tooLarge, method)
    }
  }

  /** A message that had arrived on this host will not be handled. */
  undelivered(
    { to, from, method, args }: Envelope,
    reason: DeadLetterReason,
    error?: Error,
    progress?: Progress,
  ): void {
    this.deadLetter({
      target: { host: this.#host, id: to },
      sender: from?.id,
      method,
      args,
      reason,
      progress,
      error,
    })
  }

  /**
   * A message will not be handled. When there are more than the main thread can take, the rest are only counted, as
   * lost.
   */
  deadLetter(letter: DeadLetter): void {
    try {
      this.#post.record.deadLetter(letter)
    } catch (error) {
      if (error instanceof MailboxFullError) this.#count()
      else this.#deadText(letter)
    }
  }

  /** Messages inside one host need not be cloneable, but the record of one is. */
  #deadText(letter: DeadLetter): void {
    try {
      this.#post.record.deadLetter({
        ...letter,
        args: letter.args.map(describeValue),
        isText: true,
        error: letter.error && cloneable(letter.error),
      })
    } catch (error) {
      if (!(error instanceof MailboxFullError)) throwUncaught(error)
      this.#count()
    }
  }

  /** Nothing more is reported: every report has arrived. */
  close(): void {
    this.#post.hold(-this.#told)
    this.#told = 0
  }

  #count(): void {
    this.#unrecorded += 1
    this.#post.hold(1)
    if (this.#unrecorded === 1) void this.#tellCount()
  }

  async #tellCount(): Promise<void> {
    await this.#post.ready()
    // They stay held: this thread may die before the report has left it. The main thread does not count reported messages again.
    this.#post.tell.lost(this.#host, this.#unrecorded)
    this.#told += this.#unrecorded
    this.#unrecorded = 0
  }
}
