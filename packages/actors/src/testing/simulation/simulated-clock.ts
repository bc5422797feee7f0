import { cancellable, type Clock, type Cancellable } from '@zera/core/internal'
import type { Agenda } from './agenda.js'
import type { Lane } from './simulated-link.js'

const NO_TIMER = cancellable(() => undefined)

/** The time of one host in a simulation, which ends with the host. */
export class SimulatedClock implements Clock {
  readonly #agenda: Agenda
  readonly #turn: Lane
  #isStopped = false

  /** @param turn What the host's event loop turns in. */
  constructor(agenda: Agenda, turn: Lane) {
    this.#agenda = agenda
    this.#turn = turn
  }

  now(): number {
    return this.#agenda.nowMs
  }

  epochMs(): number {
    return this.#agenda.nowMs
  }

  after(ms: number, run: () => void): Cancellable {
    return this.#isStopped ? NO_TIMER : this.#agenda.add(ms, () => this.#ifRunning(run))
  }

  soon(run: () => void): void {
    if (!this.#isStopped) this.#turn(() => this.#ifRunning(run))
  }

  /** Nothing that waits for this clock happens any more. */
  stop(): void {
    this.#isStopped = true
  }

  #ifRunning(run: () => void): void {
    if (!this.#isStopped) run()
  }
}
