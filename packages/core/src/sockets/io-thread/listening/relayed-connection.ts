import type { Socket } from 'node:net'
import { clearTimeout, monotonicMs, setTimeout } from '../../../base/runtime/real-timers.js'
import type { CutReason } from '../../connection-counts.js'
import { ARRIVAL_MS, type Meter } from './accounts/held-account.js'
import type { Way } from './ended-ways.js'
import type { ProofGate, Prover } from './proof-gate.js'
import { FrameReader } from './zmtp/frame-reader.js'
import { Handshake, type HandshakeStage } from './zmtp/handshake.js'
import { BOX_BYTES, GREETING_BYTES, type Mechanism } from './zmtp/zmtp.js'

/** Where a connection is relayed to: what `net.connect` takes. */
export type InnerAddress = { readonly path: string } | { readonly host: string; readonly port: number }

/** Milliseconds after which a client that reads nothing of what is there for it is ended. */
const UNREAD_MS = 30_000

/** The owner of a relayed connection. */
export interface Relaying {
  readonly mechanism: Mechanism
  /** Where proofs go to ZeroMQ one at a time. Undefined where ZeroMQ says of which connection each is. */
  readonly gate: ProofGate | undefined
  readonly isPaused: boolean
  /** Milliseconds that it waits for a client to read what is left for it. */
  readonly drainMs: number
  /** Ways to ZeroMQ that were opened and that it has not answered, so that it may not have its descriptor yet. */
  unanswered: number
  /** Whether there are descriptors for one more. What has not proved anything gives way, this connection at the last. */
  hasRoom(): boolean
  /**
   * Opens its way to ZeroMQ: at once, or soon. Returns what gives it up.
   *
   * @param failed There is none.
   */
  openInner(connection: RelayedConnection, opened: (inner: Socket) => void, failed: () => void): () => void
  openMeter(connection: RelayedConnection): Meter
  /** Its handshake is complete; answers why it has to end all the same. */
  admitted(connection: RelayedConnection): CutReason | undefined
  cut(connection: RelayedConnection, why: CutReason): void
  /** ZeroMQ has ended one. */
  refused(): void
  /** Nothing more is said on a way on which ZeroMQ was to meet a connection. */
  wayEnded(way: Way): void
  closed(connection: RelayedConnection): void
}

/**
 * One connection of a client and its way to ZeroMQ, which is opened when the client begins to greet. All bytes go
 * through as they come, in both ways, as fast as the other side takes them.
 */
export class RelayedConnection implements Prover {
  readonly openedAt = monotonicMs()
  /** Whose it is, as soon as it is known. */
  publicKey: string | undefined
  /** The user id that the authenticator gave it. */
  userId: string | undefined
  /** NULL: the routing id that it has chosen. */
  routingId = ''
  /** Where it came in. */
  readonly endpoint: string
  /** The address of its client, with the port over tcp; `''` where there is none. */
  readonly peer: string
  /** The routing id by which the server knows it, where that is not the one that it has chosen. */
  innerId: string | undefined
  /** Where ZeroMQ was had to meet it, until that has ended. */
  way: Way | undefined
  meter: Meter | undefined
  readonly #relaying: Relaying
  readonly #outer: Socket
  #inner: Socket | undefined
  /** Gives up the way to ZeroMQ that is being opened. */
  #giveUp: (() => void) | undefined
  /** What came while that was opened. */
  #waiting: Buffer[] = []
  #handshake: Handshake | undefined
  /** CURVE: what goes to ZeroMQ when it is its turn, and what came behind it. */
  #proof: { readonly bytes: Buffer; readonly rest: Buffer } | undefined
  #isProving = false
  #isJudged = false
  /** When something was last handed on to ZeroMQ. */
  #lastAt = 0
  /** Whether ZeroMQ has begun to greet. */
  #isAnswered = false
  #isFull = false
  /** Runs while the client does not read what waits for it. */
  #unread: NodeJS.Timeout | undefined
  /** Whether nothing more is accepted from the client. */
  #isEnding = false
  /** Whether nothing that it has said is wanted any more, either. */
  #isDoomed = false
  #isClosed = false
  #in: FrameReader | undefined
  #out: AnswerReader | undefined

  constructor(outer: Socket, relaying: Relaying, endpoint = '') {
    this.#outer = outer
    this.endpoint = endpoint
    this.peer = peerOf(outer)
    this.#relaying = relaying
    this.#handshake = new Handshake(relaying.mechanism)
    outer.setNoDelay(true)
    outer.on('data', (chunk: Buffer) => this.#take(chunk))
    // An error is followed by its close.
    outer.on('error', () => undefined)
    outer.on('end', () => this.#outerEnded())
    outer.on('close', () => this.#outerClosed())
  }

  /** How far it is; undefined when its handshake is complete. */
  get stage(): HandshakeStage | undefined {
    return this.#handshake?.stage
  }

  /**
   * Whether the server has received all that it has handed on and that is whole, when there was nothing to receive at
   * that time.
   */
  isSettled(emptyAt: number): boolean {
    return !this.#isFull && emptyAt >= this.#lastAt + ARRIVAL_MS
  }

  /** Ends it now. What its client had not finished goes with it. */
  destroy(): void {
    this.#isEnding = true
    this.#isDoomed = true
    this.#outer.destroy()
    this.#releaseInner()
  }

  /** Takes nothing more of its client, and ends it when ZeroMQ has said what it has to say. */
  end(): void {
    this.#isEnding = true
    this.#flow()
    if (this.#inner === undefined) this.#outer.destroy()
  }

  /** Reads on, or not. */
  flow(): void {
    this.#flow()
  }

  prove(): void {
    const proof = this.#proof
    this.#isProving = this.#relaying.gate !== undefined
    if (proof !== undefined) this.#toInner(proof.bytes)
  }

  judged(publicKey: string, isAllowed: boolean, userId: string): void {
    this.#isProving = false
    // ZeroMQ ends the connection of one that is not.
    if (!isAllowed && this.#relaying.mechanism === 'PLAIN') return
    this.#isJudged = true
    if (!isAllowed) return
    this.userId = userId
    if (this.#relaying.mechanism === 'PLAIN') return this.#initiate()
    this.publicKey = publicKey
    if (this.#outer.destroyed) this.#releaseInner()
    else this.#complete(this.#proof?.rest)
    this.#proof = undefined
  }

  #take(chunk: Buffer): void {
    if (this.#isEnding) return
    if (this.#handshake === undefined) this.#handOn(chunk)
    else this.#shakeHands(this.#handshake, chunk)
  }

  #shakeHands(handshake: Handshake, chunk: Buffer): void {
    const step = handshake.take(chunk)
    if (typeof step === 'string') {
      this.#relaying.cut(this, step)
      return
    }
    this.#toInner(step.forward)
    if (step.routingId !== undefined) {
      this.routingId = step.routingId
      this.#complete(step.rest)
    } else if (step.proof !== undefined) {
      this.#proof = { bytes: step.proof, rest: step.rest }
      this.#flow()
      const { gate, mechanism } = this.#relaying
      if (mechanism === 'PLAIN') this.#initiate()
      else if (gate === undefined) this.prove()
      else gate.enter(this)
    }
  }

  /** PLAIN: its password is right, and it has said the rest. */
  #initiate(): void {
    const proof = this.#proof
    if (!this.#isJudged || proof === undefined) return
    this.#proof = undefined
    this.#toInner(proof.bytes)
    this.#complete(proof.rest)
  }

  #complete(rest: Buffer | undefined): void {
    this.#handshake = undefined
    const why = this.#relaying.admitted(this)
    if (why !== undefined) {
      this.#relaying.cut(this, why)
      return
    }
    this.meter = this.#relaying.openMeter(this)
    this.#in = new FrameReader(this.meter)
    this.#flow()
    if (rest !== undefined && rest.length > 0) this.#handOn(rest)
  }

  #handOn(chunk: Buffer): void {
    const fault = this.#in?.take(chunk)
    if (fault === undefined) this.#toInner(chunk)
    else this.#relaying.cut(this, fault)
  }

  #toInner(bytes: Buffer): void {
    if (bytes.length === 0 || this.#isDoomed) return
    if (this.#inner === undefined) {
      this.#waiting.push(bytes)
      if (this.#giveUp === undefined) this.#open()
      return
    }
    this.#lastAt = monotonicMs()
    if (this.#inner.write(bytes)) return
    this.#isFull = true
    this.#flow()
  }

  #open(): void {
    const relaying = this.#relaying
    if (!relaying.hasRoom()) relaying.cut(this, 'crowded')
    if (this.#isDoomed) return
    relaying.unanswered += 1
    const fail = (): void => relaying.cut(this, 'crowded')
    this.#giveUp = () => undefined
    const giveUp = relaying.openInner(this, inner => this.#opened(inner), fail)
    if (this.#inner !== undefined || this.#isDoomed) return
    this.#giveUp = giveUp
    this.#flow()
  }

  #opened(inner: Socket): void {
    if (this.#isDoomed || this.#outer.destroyed) {
      inner.destroy()
      this.#endWay()
      return
    }
    this.#inner = inner
    this.#giveUp = undefined
    inner.setNoDelay(true)
    inner.once('data', () => this.#answered())
    inner.on('data', (chunk: Buffer) => {
      if (this.#out !== undefined) this.#out.take(chunk)
      if (!this.#outer.destroyed && !this.#outer.write(chunk)) this.#hold(inner)
    })
    inner.on('drain', () => {
      this.#isFull = false
      this.#lastAt = monotonicMs()
      this.#flow()
    })
    inner.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EMFILE' || error.code === 'ENFILE') this.#relaying.cut(this, 'crowded')
    })
    inner.on('close', () => this.#innerClosed())
    this.#outer.on('drain', () => this.#read(inner))
    if (this.#relaying.mechanism === 'CURVE') this.#out = new AnswerReader(bytes => this.meter?.answered(bytes))
    for (const bytes of this.#waiting.splice(0)) this.#toInner(bytes)
    if (this.#isEnding) this.#releaseInner()
    this.#flow()
  }

  /** The client does not read as fast as ZeroMQ answers. */
  #hold(inner: Socket): void {
    inner.pause()
    this.#unread ??= setTimeout(() => this.#relaying.cut(this, 'unread'), UNREAD_MS)
  }

  /** It has read all that was there for it. */
  #read(inner: Socket): void {
    clearTimeout(this.#unread)
    this.#unread = undefined
    inner.resume()
  }

  #answered(): void {
    if (this.#isAnswered) return
    this.#isAnswered = true
    this.#relaying.unanswered -= 1
  }

  /** The client has said all that it has to say. */
  #outerEnded(): void {
    this.#isEnding = true
    this.#releaseInner()
  }

  #outerClosed(): void {
    clearTimeout(this.#unread)
    this.#isEnding = true
    this.#releaseInner()
    if (!this.#isProving) this.#relaying.gate?.leave(this)
    this.#close()
  }

  #innerClosed(): void {
    this.#endWay()
    if (!this.#isEnding) this.#relaying.refused()
    this.#isEnding = true
    this.#isProving = false
    this.#answered()
    this.#relaying.gate?.leave(this)
    if (this.#outer.destroyed) this.#close()
    else this.#drain()
  }

  /** Gives the client what is left for it. */
  #drain(): void {
    const late = setTimeout(() => this.#outer.destroy(), this.#relaying.drainMs)
    this.#outer.once('close', () => clearTimeout(late))
    this.#outer.resume()
    this.#outer.end()
  }

  /** While ZeroMQ may ask for its key, its way there stays: no other connection's proof is under way then. */
  #releaseInner(): void {
    if (this.#isProving) return
    this.#giveUpWay()
    if (this.#isDoomed) this.#inner?.destroy()
    else this.#inner?.end()
    // It ends only when all that ZeroMQ says has been read.
    if (this.#outer.destroyed) this.#inner?.resume()
  }

  #giveUpWay(): void {
    if (this.#giveUp === undefined) return
    this.#giveUp()
    this.#giveUp = undefined
    this.#waiting = []
    this.#answered()
    this.#endWay()
  }

  #endWay(): void {
    if (this.way !== undefined) this.#relaying.wayEnded(this.way)
    this.way = undefined
  }

  #close(): void {
    if (this.#isClosed || !this.#outer.destroyed || this.#inner?.destroyed === false) return
    this.#isClosed = true
    this.#relaying.closed(this)
  }

  #flow(): void {
    const isHeld = this.#proof !== undefined && !this.#isJudged
    if (this.#isFull || isHeld || this.#giveUp !== undefined || this.#isEnding || this.#relaying.isPaused)
      this.#outer.pause()
    else this.#outer.resume()
  }
}

/** Reads the sizes of the frames that go to a client with CURVE, behind the greeting. */
class AnswerReader {
  #greeting = GREETING_BYTES
  readonly #frames: FrameReader

  constructor(answered: (plainBytes: number) => void) {
    this.#frames = new FrameReader({
      begun: (_flags, length) => {
        answered(length - BOX_BYTES)
        return undefined
      },
      passed: () => undefined,
      ended: () => undefined,
    })
  }

  take(chunk: Buffer): void {
    const greeting = Math.min(this.#greeting, chunk.length)
    this.#greeting -= greeting
    this.#frames.take(chunk.subarray(greeting))
  }
}

/** The address of a client as ZAP has it, with its port. A client of IPv4 has one of IPv4, whatever is listened to. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  if (remoteAddress === undefined) return ''
  const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/, '')
  return `tcp://${address.includes(':') ? `[${address}]` : address}:${remotePort}`
}
