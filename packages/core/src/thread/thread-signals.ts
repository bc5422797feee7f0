import { SocketError } from '../base/errors/errors.js'
import { onAbort } from '../base/time/on-abort.js'
import { expectSignal } from '../base/values/expect-signal.js'
import type { Link } from '../link/link.js'
import { signalDown } from './control-signals.js'

/**
 * Words that two threads signal to each other, as the guide's mtrelay does over PAIR: `go`, `done`, `cancel`. They
 * carry no data, overtake waiting messages, and are counted, so that a later wait misses none.
 *
 * @example
 *   thread.signals.send('go')
 *   await thread.signals.received('done')
 */
export interface ThreadSignals {
  /** Signals a word to the other side. Does nothing when the other side has ended. */
  send(word: string): void
  /**
   * Waits until the other side has signalled a word once more often than this side has received it.
   *
   * @throws {SocketError} When the other side has ended before.
   * @throws The signal's reason, when it aborts first.
   */
  received(word: string, signal?: AbortSignal): Promise<void>
  /** Returns an AbortSignal that aborts when the other side signals a word, or has done so already: `aborts('cancel')`. */
  aborts(word: string): AbortSignal
}

/** The signals of a thread, over its link. The thread says what has come. */
export class LinkSignals implements ThreadSignals {
  readonly #link: Link
  readonly #unreceived = new Map<string, number>()
  readonly #waiters = new Map<string, (() => void)[]>()
  readonly #aborts = new Map<string, AbortController>()
  #ending: string | undefined

  constructor(link: Link) {
    this.#link = link
  }

  send(word: string): void {
    signalDown(this.#link, { signal: 'said', data: word })
  }

  async received(word: string, signal?: AbortSignal): Promise<void> {
    expectSignal('wait for a signal', signal)
    for (;;) {
      const count = this.#unreceived.get(word) ?? 0
      if (count > 0) {
        this.#unreceived.set(word, count - 1)
        return
      }
      signal?.throwIfAborted()
      if (this.#ending !== undefined) throw new SocketError(`Cannot wait for the signal ${word}: ${this.#ending}`)
      await this.#woken(word, signal)
    }
  }

  aborts(word: string): AbortSignal {
    let controller = this.#aborts.get(word)
    if (controller === undefined) {
      controller = new AbortController()
      this.#aborts.set(word, controller)
      if ((this.#unreceived.get(word) ?? 0) > 0) controller.abort()
    }
    return controller.signal
  }

  /** A word has arrived. */
  take(word: string): void {
    this.#unreceived.set(word, (this.#unreceived.get(word) ?? 0) + 1)
    this.#aborts.get(word)?.abort()
    this.#wake(word)
  }

  /** The other side signals nothing more. */
  end(how: string): void {
    this.#ending = how
    for (const word of this.#waiters.keys()) this.#wake(word)
  }

  #woken(word: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise(resolve => {
      const wake = (): void => {
        forget()
        resolve()
      }
      const forget = onAbort(signal, wake)
      this.#waiters.set(word, [...(this.#waiters.get(word) ?? []), wake])
    })
  }

  #wake(word: string): void {
    const waiters = this.#waiters.get(word) ?? []
    this.#waiters.delete(word)
    for (const wake of waiters) wake()
  }
}
