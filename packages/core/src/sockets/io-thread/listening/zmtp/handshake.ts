import type { CutReason } from '../../../connection-counts.js'
import { COMMAND, firstFrame, GREETING_BYTES, mayBeGreeting, readCommand, routingIdIn, type Mechanism } from './zmtp.js'

/** What follows from the bytes that came. */
export interface HandshakeStep {
  /** What may be handed on at once. */
  readonly forward: Buffer
  /**
   * CURVE: the command by which the client proves its key, to be handed on in its turn. PLAIN: the one behind its
   * password, to be handed on when that is right.
   */
  readonly proof?: Buffer
  /** NULL: it is complete, with the routing id that the client has chosen, or `''`. */
  readonly routingId?: string
  /** What came behind its last command. */
  readonly rest: Buffer
}

/** Bytes that a client may send until its handshake is complete. Those of libzmq send some 600. */
export const HANDSHAKE_BYTES = 16 * 1024
const HELLO_BYTES = 200
const NOTHING = Buffer.alloc(0)

/** How far a connection has come: the later, the longer it stays where there is no room for all. */
export type HandshakeStage = 'silent' | 'greeting' | 'greeted' | 'proving'

/** The client's side of a handshake, as the relay between sees it. It decides, and does no I/O. */
export class Handshake {
  readonly #mechanism: Mechanism
  #stage: HandshakeStage = 'silent'
  #greeting = NOTHING
  #unread = NOTHING
  #sizeBytes = 0
  #hasHello = false

  constructor(mechanism: Mechanism) {
    this.#mechanism = mechanism
  }

  get stage(): HandshakeStage {
    return this.#stage
  }

  /** Takes the next bytes. None come after the step that has a proof or a routing id. */
  take(chunk: Buffer): HandshakeStep | CutReason {
    this.#sizeBytes += chunk.length
    const greeting = chunk.subarray(0, GREETING_BYTES - this.#greeting.length)
    if (greeting.length > 0) {
      this.#greeting = Buffer.concat([this.#greeting, greeting])
      if (!mayBeGreeting(this.#greeting, this.#mechanism)) return 'malformed'
      this.#stage = this.#greeting.length === GREETING_BYTES ? 'greeted' : 'greeting'
    }
    this.#unread = Buffer.concat([this.#unread, chunk.subarray(greeting.length)])
    try {
      return this.#readCommands(greeting)
    } catch {
      return 'malformed'
    }
  }

  #readCommands(greeting: Buffer): HandshakeStep | CutReason {
    const forward = [greeting]
    for (let frame = firstFrame(this.#unread); frame !== undefined; frame = firstFrame(this.#unread)) {
      const command = (frame.flags & COMMAND) === 0 ? undefined : readCommand(frame.body)
      const bytes = this.#unread.subarray(0, frame.sizeBytes)
      this.#unread = this.#unread.subarray(frame.sizeBytes)
      if (command === undefined || this.#sizeBytes - this.#unread.length > HANDSHAKE_BYTES) return 'malformed'
      if (this.#mechanism === 'NULL') return this.#ready(command, Buffer.concat([...forward, bytes]))
      if (this.#hasHello) return this.#initiate(command, Buffer.concat(forward), bytes)
      if (command.name !== 'HELLO' || (this.#mechanism === 'CURVE' && frame.body.length !== HELLO_BYTES))
        return 'malformed'
      this.#hasHello = true
      forward.push(bytes)
    }
    // What is not whole is kept here, so a frame that never ends is none.
    if (this.#sizeBytes > HANDSHAKE_BYTES) return 'malformed'
    return { forward: forward.length === 1 ? greeting : Buffer.concat(forward), rest: NOTHING }
  }

  #ready({ name, rest }: { readonly name: string; readonly rest: Buffer }, forward: Buffer): HandshakeStep | CutReason {
    const routingId = name === 'READY' ? routingIdIn(rest) : undefined
    return routingId === undefined ? 'malformed' : { forward, routingId, rest: this.#unread }
  }

  #initiate(
    { name, rest }: { readonly name: string; readonly rest: Buffer },
    forward: Buffer,
    proof: Buffer,
  ): HandshakeStep | CutReason {
    // With CURVE it is in a box.
    if (name !== 'INITIATE' || (this.#mechanism === 'PLAIN' && routingIdIn(rest) === undefined)) return 'malformed'
    this.#stage = 'proving'
    return { forward, proof, rest: this.#unread }
  }
}
