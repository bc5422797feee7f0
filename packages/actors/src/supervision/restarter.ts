import { describeDown, type Down } from '@zera/core'
import type { Clock } from '../clock.js'
import type { EventSource } from '../events.js'
import type { Guardians } from '../hosting/guardians.js'
import type { HostSlot } from '../hosting/host-slot.js'
import type { Hosts } from '../hosting/hosts.js'
import { toError } from '../thrown.js'
import type { Child } from './child.js'
import type { Children } from './children.js'
import { planRestart } from './restart-plan.js'

/** How often a thread is tried again that does not start, when none of its actors asks for it. */
const MAX_START_ATTEMPTS = 3

/** What a restarter works on. */
export interface RestarterParts {
  readonly hosts: Hosts
  readonly guardians: Guardians
  readonly children: Children
  readonly events: EventSource
  readonly clock: Clock
  /** Stops a child for good that is not restarted, then calls `tell`. */
  readonly end: (child: Child, reason: string, tell: () => void) => Promise<unknown>
}

/**
 * Restarts actors that have failed, or whose thread went down, one for one.
 *
 * What to do is decided by `planRestart`; this does it. After each `await` it looks again: the actor may have been stopped, its thread may have died.
 */
export class Restarter {
  readonly #parts: RestarterParts
  #restarts = 0
  #isStopped = false

  constructor(parts: RestarterParts) {
    this.#parts = parts
  }

  /** How many there were. */
  get restarts(): number {
    return this.#restarts
  }

  /** Restarts nothing any more. */
  stop(): void {
    this.#isStopped = true
  }

  /** A handler threw. */
  async failed(id: number, error: Error, method: string | undefined): Promise<void> {
    const { children, guardians } = this.#parts
    const child = children.get(id)
    if (child?.state !== 'running') return
    this.#fail(child, error, method)
    const isSameThread = this.#watchThread(child.data.host)
    let cause = error
    while ((await this.#mayRestart(child, cause)) && isSameThread()) {
      try {
        await guardians.restart(child.data, { error: cause, method })
        if (isSameThread()) this.#restarted(child, cause)
        return
      } catch (thrown) {
        // When its thread went down meanwhile, the actor is restarted with it.
        if (!isSameThread() || !isRestarting(child)) return
        cause = toError(thrown)
        this.#fail(child, cause, 'onStart')
      }
    }
  }

  /** A thread went down, and with it every actor on it. Each is treated by its own spec, on the slot's next thread. */
  async hostDown(slot: HostSlot, down: Down): Promise<void> {
    const { children, events, hosts } = this.#parts
    const error = new Error(`The thread of host ${slot.number} went down: ${describeDown(down)}`, { cause: down.error })
    const fallen: Child[] = []
    for (const child of children.on(slot.number)) {
      if (child.state === 'starting') child.state = 'lost'
      else if (child.state !== 'stopping') fallen.push(child)
    }
    const { incarnation, reason, exitCode } = down
    events.emit('host-down', { host: slot.number, incarnation, reason, exitCode, error: down.error, actors: fallen.map(child => child.identity) })
    for (const child of fallen) this.#fail(child, error, undefined)
    let survivors = await this.#survivors(fallen, error)
    for (let attempt = 1; this.#isWorthAThread(slot, survivors, attempt); attempt++) {
      try {
        await slot.start()
      } catch (thrown) {
        events.emit('host-failed', { host: slot.number, error: toError(thrown) })
        survivors = await this.#survivors(survivors, toError(thrown))
        continue
      }
      await this.#revive(slot, survivors, error)
      return
    }
    hosts.retire(slot)
  }

  /** Starts actors again, in the order of their first start, on the new thread of their slot. */
  async #revive(slot: HostSlot, children: readonly Child[], error: Error): Promise<void> {
    const isSameThread = this.#watchThread(slot.number)
    for (const child of children) {
      let cause = error
      // It may have been stopped meanwhile.
      while (isRestarting(child)) {
        try {
          await this.#parts.guardians.start(child.data, child.props, { error: cause, method: undefined })
          // When this thread went down too, that has an event of its own.
          if (!isSameThread()) return
          this.#restarted(child, cause)
        } catch (thrown) {
          if (!isSameThread()) return
          if (!isRestarting(child)) break
          cause = toError(thrown)
          this.#fail(child, cause, 'onStart')
          if (!(await this.#mayRestart(child, cause))) break
        }
      }
    }
    if (isSameThread()) this.#parts.hosts.open(slot)
  }

  #isWorthAThread(slot: HostSlot, survivors: readonly Child[], attempt: number): boolean {
    if (this.#isStopped || slot.isStopping) return false
    return survivors.length > 0 || (!slot.options.isPrivate && attempt <= MAX_START_ATTEMPTS)
  }

  async #survivors(children: readonly Child[], error: Error): Promise<Child[]> {
    const survivors: Child[] = []
    for (const child of children) if (await this.#mayRestart(child, error)) survivors.push(child)
    return survivors
  }

  #fail(child: Child, error: Error, method: string | undefined): void {
    child.state = 'restarting'
    this.#parts.events.emit('actor-failed', { actor: child.identity, error, method })
  }

  /** Counts a restart, and gives the actor up when that is one too many. */
  async #mayRestart(child: Child, error: Error): Promise<boolean> {
    if (this.#isStopped || !isRestarting(child)) return false
    const { clock, end, events } = this.#parts
    const plan = planRestart(child.spec, child.window, clock.now())
    if (plan.action === 'restart') {
      child.window = plan.window
      return true
    }
    const actor = child.identity
    if (plan.action === 'give-up') {
      await end(child, 'its supervisor gave it up', () => events.emit('actor-given-up', { actor, error }))
    } else {
      const reason = 'it failed and is temporary'
      await end(child, reason, () => events.emit('actor-stopped', { actor, reason }))
    }
    return false
  }

  #restarted(child: Child, error: Error): void {
    if (!isRestarting(child)) return
    child.state = 'running'
    child.restarts += 1
    this.#restarts += 1
    this.#parts.events.emit('actor-restarted', { actor: child.identity, error, restarts: child.restarts })
  }

  /** Returns the function that says whether the thread that a host has now still runs. The main thread always does. */
  #watchThread(host: number): () => boolean {
    const slot = this.#parts.hosts.slot(host)
    const incarnation = slot?.incarnation
    return () => host === 0 || (slot?.isRunning === true && slot.incarnation === incarnation)
  }
}

/** It may have been stopped, or its state changed otherwise, in any `await`. */
function isRestarting(child: Child): boolean {
  return child.state === 'restarting'
}
