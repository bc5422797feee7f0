import { onAbort, systemClock, waitFor } from '@zera/core/internal'
import type { InstanceContext } from '../actor/context.js'
import { actorContext } from '../model/actor-context.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import { defineActor, expectDefinition } from '../model/definition.js'
import type { ActorOf, MethodName, WaitOptions } from '../model/protocol.js'
import { methodTable } from '../model/refs/method-table.js'
import type { ActorRef } from '../model/refs/ref.js'
import type { System } from '../system/system.js'

/** A message that a probe has received. */
export interface Received<A extends object> {
  readonly method: MethodName<A>
  readonly args: readonly unknown[]
  readonly sender: ActorRef<object> | undefined
}

/** The answers of a probe, by method. Methods that are left out answer undefined. */
export type Answers<A extends object> = AnswersOf<ActorOf<A>>
type AnswersOf<A> = { readonly [K in keyof A as K extends MethodName<A> ? K : never]?: A[K] | undefined }

/** How many probes there were, so that each gets a unique name. */
let probes = 0

/**
 * An actor that stands in for another in a test: it takes the same messages, records them, and gives the answers that
 * the test sets.
 *
 * It lives on the main thread. Actors on any thread can use its ref.
 *
 * @example
 *   const probe = await startProbe(system, Printer, { print: page => `printed ${page}` })
 *   const office = await system.spawn(Office, { props: { printer: probe.ref } })
 *   office.tell.publish('a page')
 *   expect(await probe.next()).toMatchObject({ method: 'print', args: ['a page'] })
 */
export interface TestProbe<A extends object> {
  readonly ref: ActorRef<A>
  /** All received messages that `next` has not taken, oldest first. */
  readonly waiting: readonly Received<A>[]
  /**
   * Takes the message that has waited longest, or waits for one. Without options it waits as long as the test does;
   * `timeoutMs` passes on the clock of the system, so in a simulation it is simulated time.
   *
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. The next message is for the next call.
   * @throws The reason of the signal, when that aborts.
   * @throws {RangeError} When `timeoutMs` is negative or not a number.
   */
  next(options?: WaitOptions): Promise<Received<A>>
}

/**
 * Starts a probe.
 *
 * @param definition The actor that it stands in for.
 * @throws {TypeError} When that is no definition.
 * @throws What `system.spawn` throws.
 */
export async function startProbe<A extends object>(
  system: Pick<System, 'spawn'>,
  definition: ActorDefinition<A>,
  answers: Answers<A> = {},
): Promise<TestProbe<A>> {
  expectDefinition('start a probe', definition)
  const inbox = new Inbox<A>()
  const ref = await system.spawn(standIn(definition, inbox, answers), { placement: 'main', shutdownMs: 0 })
  const next = (options: WaitOptions = {}): Promise<Received<A>> =>
    inbox.next(`take a message of probe ${ref.toString()}`, options)
  return { ref: ref as unknown as ActorRef<A>, waiting: inbox.waiting, next }
}

/** What a probe has received, and the callers that wait for it. */
class Inbox<A extends object> {
  readonly waiting: Received<A>[] = []
  /** The time of its system, as soon as the probe has started. */
  clock = systemClock
  readonly #takers = new Set<(received: Received<A>) => void>()

  add(received: Received<A>): void {
    if (!this.#hand(received)) this.waiting.push(received)
  }

  next(action: string, options: WaitOptions): Promise<Received<A>> {
    // One that was handed to a caller which gave up in the same moment is the oldest again.
    const late = (received: Received<A>): unknown => this.#hand(received) || this.waiting.unshift(received)
    return waitFor(this.clock, { action, leaves: 'nothing', late }, options, givenUp => this.#take(givenUp))
  }

  /** Returns false when no caller waits for it. */
  #hand(received: Received<A>): boolean {
    const [taker] = this.#takers
    if (taker === undefined) return false
    this.#takers.delete(taker)
    taker(received)
    return true
  }

  #take(givenUp: AbortSignal | undefined): Promise<Received<A>> {
    const received = this.waiting.shift()
    if (received !== undefined) return Promise.resolve(received)
    return new Promise(resolve => {
      this.#takers.add(resolve)
      // It is no longer there when it has got one.
      onAbort(givenUp, () => this.#takers.delete(resolve))
    })
  }
}

function standIn<A extends object>(
  definition: ActorDefinition<A>,
  inbox: Inbox<A>,
  answers: Answers<A>,
): ActorDefinition<object> {
  const record =
    (name: string) =>
    (...args: unknown[]): unknown => {
      const method = name as MethodName<A>
      const answer = (answers as Readonly<Record<string, ((...values: unknown[]) => unknown) | undefined>>)[name]
      inbox.add({ method, args, sender: actorContext().sender })
      return answer?.(...args)
    }
  // It has every method, since an actor's methods are unknown before its creation. It has no lifecycle of its own.
  const probe = (): object => {
    inbox.clock = (actorContext() as InstanceContext).clock
    return methodTable({ onStart: undefined, onRestart: undefined, onStop: undefined }, record)
  }
  // A unique name, by which threads identify a definition.
  probes += 1
  Object.defineProperty(probe, 'name', { value: `ProbeFor${definition.name}${probes}` })
  return defineActor(import.meta.url, probe)
}
