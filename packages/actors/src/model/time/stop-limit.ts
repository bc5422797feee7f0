import type { Clock, Cancellable } from '@zera/core/internal'

/**
 * Milliseconds that a stop may take in all: Kubernetes waits for 30 s and systemd for 90 s before they kill the
 * process, and the program may have to end more than just Zera.
 */
export const DEFAULT_STOP_TIMEOUT_MS = 20_000

/**
 * Milliseconds that it takes to kill what is left and to see it end: a thread is gone in a few, a process with its
 * sockets may take this long.
 */
const KILL_MS = 500
/** Milliseconds that it always has, even when the stop has no time at all. */
const LEAST_KILL_MS = 250

/** How far a stop went to keep its limit. */
export type StopPhase =
  /** Everything had the time that it needed. */
  | 'unhurried'
  /** Half of the time had passed: everything that was still stopping was hurried. */
  | 'hurried'
  /**
   * Four fifths had passed, or less where that would have left under half a second: all remaining threads and processes
   * were killed.
   */
  | 'killed'
  /**
   * All of it had passed, and something could not even be killed, such as a thread in native code that does not come
   * back. The stop did not wait for it.
   */
  | 'abandoned'

const PHASES = ['unhurried', 'hurried', 'killed', 'abandoned'] as const

/** Milliseconds from the start of a stop to its phases. */
export type StopPhases = Readonly<Record<Exclude<StopPhase, 'unhurried'>, number>>

/** Divides the time of a stop. */
export function stopPhases(timeoutMs: number): StopPhases {
  const killed = Math.max(timeoutMs * 0.6, Math.min(timeoutMs * 0.8, timeoutMs - KILL_MS))
  return { hurried: timeoutMs / 2, killed, abandoned: Math.max(timeoutMs, killed + LEAST_KILL_MS) }
}

/** The limit of one stop of a system, for everything that stops with it. Before the stop begins it limits nothing. */
export class StopLimit {
  readonly #clock: Clock
  readonly #listeners = new Map<StopPhase, Set<() => void>>()
  #phase: StopPhase = 'unhurried'
  #dueAt: Record<Exclude<StopPhase, 'unhurried'>, number> = { hurried: Infinity, killed: Infinity, abandoned: Infinity }
  #timer: Cancellable | undefined
  #hasBegun = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether the stop has begun. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** The phase that it has reached. */
  get phase(): StopPhase {
    return this.#phase
  }

  /** Begins the stop, or shortens its time. It never extends it. */
  begin(timeoutMs: number): void {
    this.#hasBegun = true
    const now = this.#clock.now()
    const { hurried, killed, abandoned } = stopPhases(timeoutMs)
    const due = this.#dueAt
    this.#dueAt = {
      hurried: Math.min(due.hurried, now + hurried),
      killed: Math.min(due.killed, now + killed),
      abandoned: Math.min(due.abandoned, now + abandoned),
    }
    this.#look()
  }

  /** The stop is over: nothing happens any more. */
  end(): void {
    this.#timer?.cancel()
    this.#dueAt = { hurried: Infinity, killed: Infinity, abandoned: Infinity }
  }

  /** Milliseconds until a phase, by default until what is stopped is hurried: Infinity before the stop begins. */
  leftMs(phase: keyof StopPhases = 'hurried'): number {
    return this.has(phase) ? 0 : Math.max(0, this.#dueAt[phase] - this.#clock.now())
  }

  /** Whether it has reached a phase. */
  has(phase: StopPhase): boolean {
    return PHASES.indexOf(this.#phase) >= PHASES.indexOf(phase)
  }

  /** Calls a function once when the stop reaches a phase; at once when it has. Returns a function that cancels this. */
  on(phase: StopPhase, listener: () => void): () => void {
    if (this.has(phase)) {
      listener()
      return nothing
    }
    const listeners = this.#listeners.get(phase) ?? new Set()
    this.#listeners.set(phase, listeners.add(listener))
    return () => void listeners.delete(listener)
  }

  /** Waits for something, until a phase at the latest. Resolves with whether it was there by then. */
  async unless(phase: StopPhase, work: Promise<unknown>): Promise<boolean> {
    let release = nothing
    const late = new Promise<false>(resolve => (release = this.on(phase, () => resolve(false))))
    try {
      return await Promise.race([work.then(() => true), late])
    } finally {
      release()
    }
  }

  #look(): void {
    this.#timer?.cancel()
    const now = this.#clock.now()
    for (const phase of ['hurried', 'killed', 'abandoned'] as const) {
      if (this.#dueAt[phase] > now) {
        if (this.#dueAt[phase] !== Infinity)
          this.#timer = this.#clock.after(this.#dueAt[phase] - now, () => this.#look())
        return
      }
      if (!this.has(phase)) this.#enter(phase)
    }
  }

  #enter(phase: StopPhase): void {
    this.#phase = phase
    const listeners = this.#listeners.get(phase) ?? []
    this.#listeners.delete(phase)
    for (const listener of listeners) listener()
  }
}

function nothing(): void {}
