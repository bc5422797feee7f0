import { types } from 'node:util'
import type { Envelope } from '../messaging/envelope.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import { isReserved } from '../model/definition.js'
import { unknownMethod } from '../model/refs/unknown-method.js'
import type { SelfMessage } from './self-messages.js'
import type { OpenStream } from './streams/open-stream.js'
import { OpenStreams, type StreamsOwner } from './streams/open-streams.js'

/** Methods by their names: those of an actor, or others that replace them. */
export type Behaviour = Readonly<Record<string, (...args: unknown[]) => unknown>>

/**
 * Finds what handles a message: a method of the actor or of its behaviour, one of its streams, or something that the
 * actor scheduled itself.
 */
export class Dispatcher {
  readonly #definition: ActorDefinition<object>
  readonly #streamOwner: () => StreamsOwner
  #streams: OpenStreams | undefined
  #actor: Behaviour | undefined
  #behaviour: Behaviour | undefined
  /** The last method that was looked up: most messages are for the same method as the previous one. */
  #known: string | undefined

  /** @param streamOwner Makes what the actor's streams need from it, for the first stream. */
  constructor(definition: ActorDefinition<object>, streamOwner: () => StreamsOwner) {
    this.#definition = definition
    this.#streamOwner = streamOwner
  }

  /** The streams that read from the actor, if it ever had one. */
  get streams(): OpenStreams | undefined {
    return this.#streams
  }

  /** Lets an instance's methods handle messages from now on. */
  use(actor: object): void {
    this.#actor = actor as Behaviour
  }

  /** Lets another object's methods handle messages, where it has them. Undefined: only the actor's own. */
  become(behaviour: Behaviour | undefined): void {
    this.#behaviour = behaviour
  }

  /** Releases the instance, and ends its streams. */
  release(why: 'stopped' | 'restarted'): void {
    this.#streams?.closeAll(why)
    this.#actor = undefined
    this.#behaviour = undefined
  }

  /** Whether there is something to handle a message. */
  knows({ kind, method }: Envelope): boolean {
    if (method === this.#known || kind === 'more' || kind === 'close' || kind === 'self') return true
    if (this.#definition.methods?.has(method) !== true) return hasMethod(this.#actor, method)
    this.#known = method
    return true
  }

  /** Why there is nothing to handle a message that it does not know, in words. */
  problemOf({ method }: Envelope): string {
    return unknownMethod(this.#actor, method)
  }

  /** Whether what handles a message is declared `async`, so that it is likely to go on after this turn. */
  isAsync({ kind, method }: Envelope): boolean {
    return (
      (kind === 'ask' || kind === 'tell') && types.isAsyncFunction(this.#behaviour?.[method] ?? this.#actor?.[method])
    )
  }

  /** Handles a message; what it returns, or the promise of it, is the answer. Throws what the handler throws. */
  dispatch(envelope: Envelope): unknown {
    const { kind, args } = envelope
    if (kind === 'more') return this.#streams?.pull(envelope)
    if (kind === 'close') return this.#streams?.close(args[0] as Envelope)
    if (kind === 'self') return (args[0] as SelfMessage)()
    const result = this.#call(envelope.method, args)
    if (kind !== 'stream') return result
    this.#streams ??= new OpenStreams(this.#streamOwner())
    return this.#streams.open(envelope, result)
  }

  /** Calls the behaviour's method, if it has one of that name, or the actor's own. */
  #call(method: string, args: unknown[]): unknown {
    const replacement = this.#behaviour?.[method]
    if (replacement !== undefined) return Reflect.apply(replacement, this.#behaviour, args)
    return ((this.#actor as Behaviour)[method] as Behaviour[string])(...args)
  }

  /** The stream that a message of it is for. */
  streamOf(envelope: Envelope): OpenStream | undefined {
    return isOfStream(envelope) ? this.#streams?.of(envelope) : undefined
  }
}

/** Whether an actor has a method that can be sent. */
export function hasMethod(actor: Behaviour | undefined, method: string): boolean {
  return !isReserved(method) && typeof actor?.[method] === 'function'
}

/** Whether a message opens a stream, takes more of one, or ends it. */
export function isOfStream({ kind }: Envelope): boolean {
  return kind === 'stream' || kind === 'more' || kind === 'close'
}
