import { AsyncLocalStorage } from 'node:async_hooks'
import type { OutgoingMessage } from './outgoing-message.js'

/** Holds what a durable actor sends until its state is kept. */
export interface OutputGate {
  /** Runs something when all that the actor has handled so far is kept; never, when it is not. */
  hold(output: () => void): void
  /** Keeps a message with that. */
  post(message: OutgoingMessage): void
}

/** Undefined in a thread that has no durable actor: there a message costs one look at this. */
let gates: AsyncLocalStorage<OutputGate> | undefined

/** Runs a handler whose messages, also after an `await`, go through a gate. */
export function behindGate<T>(gate: OutputGate, run: () => T): T {
  gates ??= new AsyncLocalStorage()
  return gates.run(gate, run)
}

/** Sends what a gate has held. */
export function beyondGates<T>(run: () => T): T {
  return gates === undefined ? run() : gates.exit(run)
}

/** What the messages of the running code go through, if anything. */
export function gateHere(): OutputGate | undefined {
  return gates?.getStore()
}
