import type { CutReason } from '../../../connection-counts.js'
import type { CheckedLimits } from '../../../options/listening-limits.js'
import { BOX_BYTES } from '../zmtp/zmtp.js'
import { ARRIVAL_MS, faultOf, type HeldAccount, type Meter } from './held-account.js'

/** What ZeroMQ keeps for a frame in addition to its bytes. */
const RECORD_BYTES = 128
/** A ping has five bytes of name, two of its time to live, and a context of 16 at most, which the pong repeats. */
const MIN_PING_BYTES = 7
const MAX_PING_BYTES = 23
const PING_MORE_THAN_PONG_BYTES = 2
/** What each frame counts that might be a ping. */
const SMALL_BYTES = RECORD_BYTES + MAX_PING_BYTES
/**
 * Connections that have gone, and routing ids, of which it is not known whose they are. With more, those that are open
 * have to say it by a message, or go.
 */
const MAX_UNKNOWN = 4096

/** Frames that went one way, without those that might be pings, and the number of those. */
interface Tally {
  frames: number
  bytes: number
  small: number
}

/**
 * What is kept for connections with CURVE, where only the server can see which frames belong together, or are pings.
 *
 * What the server receives says how many frames of which size came out behind a routing id. Once a routing id has
 * received exactly what a connection has let in, and that is so of no other, the two are known to be one, and what that
 * connection holds is exact from then on. What all others hold is known as a sum. A frame that might be a ping is one
 * when a pong of its size goes back.
 */
export class BoxedAccount implements HeldAccount {
  readonly #limits: CheckedLimits
  readonly #unknown = new Set<BoxedMeter>()
  /** Routing ids of which it is not known whose they are. */
  #unmatched = 0
  readonly #ids = new Map<string, { readonly out: Tally; meter: BoxedMeter | undefined }>()
  /** Connections that have gone, until what they had finished is received. */
  readonly #gone = new Map<BoxedMeter, number>()
  #knownBytes = 0
  #unknownBytes = 0

  constructor(limits: CheckedLimits) {
    this.#limits = limits
  }

  get heldBytes(): number {
    return this.#knownBytes + this.#unknownBytes
  }

  /** Connections that have gone and routing ids that are kept until it is known whose they are. */
  get unknown(): number {
    return this.#gone.size + this.#unmatched
  }

  open(routingId?: string): BoxedMeter {
    const meter = new BoxedMeter(this.#limits, {
      held: bytes => this.#add(meter, bytes),
      unknown: () => ({ bytes: this.#unknownBytes, hasOthers: this.#unmatched > 0 }),
    })
    if (routingId === undefined) this.#unknown.add(meter)
    else {
      const out: Tally = { frames: 0, bytes: 0, small: 0 }
      this.#ids.set(routingId, { out, meter })
      meter.meet(routingId, out)
    }
    return meter
  }

  close(meter: BoxedMeter, now: number): void {
    this.#gone.set(meter, now)
  }

  cameOut(frames: readonly Buffer[]): void {
    const [first] = frames
    if (first === undefined) return
    const name = first.toString('latin1')
    let id = this.#ids.get(name)
    if (id === undefined) {
      id = { out: { frames: 0, bytes: 0, small: 0 }, meter: undefined }
      this.#ids.set(name, id)
      this.#unmatched += 1
    }
    for (let at = 1; at < frames.length; at++) tally(id.out, (frames[at] as Buffer).length)
    if (id.meter === undefined) {
      for (let at = 1; at < frames.length; at++) this.#unknownBytes -= costOf((frames[at] as Buffer).length)
      this.#unknownBytes = Math.max(0, this.#unknownBytes)
      this.#match(name)
      return
    }
    id.meter.cameOut(frames)
    // It has received more than that connection has let in, so it is another one's.
    if (id.meter.in.frames < id.out.frames || id.meter.in.bytes < id.out.bytes) this.#part(name)
  }

  settle(emptyAt: number): void {
    for (const [meter, goneAt] of this.#gone) {
      if (emptyAt < goneAt + ARRIVAL_MS || meter.id === undefined) continue
      this.#knownBytes -= meter.ownBytes
      this.#ids.delete(meter.id)
      this.#gone.delete(meter)
    }
    const isUnsure = (meter: BoxedMeter): boolean =>
      meter.hasLetIn && emptyAt < (this.#gone.get(meter) ?? Infinity) + ARRIVAL_MS
    if (![...this.#unknown].some(isUnsure)) this.#forgetUnknown()
  }

  /** Connections that should go since too many are unknown. */
  get surplus(): readonly Meter[] {
    return this.unknown <= MAX_UNKNOWN
      ? []
      : [...this.#unknown].filter(meter => meter.hasLetIn && !this.#gone.has(meter))
  }

  /** All that is open is known, or has let nothing in: what is left was dropped with connections that have gone. */
  #forgetUnknown(): void {
    for (const meter of this.#unknown) {
      if (!this.#gone.delete(meter)) continue
      this.#unknown.delete(meter)
    }
    if (this.#unmatched > 0) for (const [name, { meter }] of this.#ids) if (meter === undefined) this.#ids.delete(name)
    this.#unmatched = 0
    this.#unknownBytes = 0
  }

  #add(meter: BoxedMeter, bytes: number): void {
    if (meter.id === undefined) this.#unknownBytes += bytes
    else this.#knownBytes += bytes
  }

  /** Finds the one connection that has let in exactly what was received behind a routing id. */
  #match(name: string): void {
    const id = this.#ids.get(name)
    if (id === undefined) return
    let found: BoxedMeter | undefined
    for (const meter of this.#unknown) {
      if (!areEqual(meter.unanswered, id.out)) continue
      if (found !== undefined) return
      found = meter
    }
    if (found === undefined) return
    for (const [other, { out, meter }] of this.#ids)
      if (other !== name && meter === undefined && areEqual(out, id.out)) return
    this.#unknownBytes += costOfTally(id.out) - found.ownBytes
    this.#unknown.delete(found)
    this.#unmatched -= 1
    id.meter = found
    found.meet(name, id.out)
    this.#knownBytes += found.ownBytes
  }

  /** Another connection has taken the routing id over, or had it all the time: both begin anew. */
  #part(name: string): void {
    const meter = this.#ids.get(name)?.meter
    this.#ids.delete(name)
    if (meter === undefined) return
    this.#knownBytes -= meter.ownBytes
    meter.beginAnew()
    this.#unknown.add(meter)
  }
}

/** What a meter has of its account. */
interface BoxedSums {
  held(bytes: number): void
  /**
   * What those hold of which it is not known what was received, and whether something was received that may be any of
   * theirs.
   */
  unknown(): { readonly bytes: number; readonly hasOthers: boolean }
}

class BoxedMeter implements Meter {
  /** What it has let in since it was opened. */
  in: Tally = { frames: 0, bytes: 0, small: 0 }
  /** The routing id that is known to be its own. */
  id: string | undefined
  /** What was received of it; 0 while it is unknown. */
  #out: Tally = { frames: 0, bytes: 0, small: 0 }
  readonly #limits: CheckedLimits
  readonly #account: BoxedSums
  /** Frames that might be pings and were not answered, by their size. */
  readonly #pings = new Uint32Array(MAX_PING_BYTES + 1)
  /** Those that were pings, or were received and taken for some. */
  #smallOut = 0
  #isSmall = false

  constructor(limits: CheckedLimits, account: BoxedSums) {
    this.#limits = limits
    this.#account = account
  }

  /** What it has let in, without what is known to be a ping. */
  get unanswered(): Tally {
    return { ...this.in, small: this.in.small - this.#smallOut }
  }

  get hasLetIn(): boolean {
    return this.ownBytes > 0 || this.in.frames > 0
  }

  /** What it holds by what is known of it alone. */
  get ownBytes(): number {
    return (
      this.in.bytes -
      this.#out.bytes +
      RECORD_BYTES * (this.in.frames - this.#out.frames) +
      SMALL_BYTES * (this.in.small - this.#smallOut)
    )
  }

  get heldBytes(): number {
    return this.id === undefined ? Math.min(this.ownBytes, this.#account.unknown().bytes) : this.ownBytes
  }

  get isBeyond(): boolean {
    // Frames of other connections may have been received behind the routing ids that no known client has.
    if (this.id === undefined && this.#account.unknown().hasOthers) return false
    const frames = this.in.frames - this.#out.frames + this.in.small - this.#smallOut
    return frames > this.#limits.maxFrames || this.ownBytes - RECORD_BYTES * frames > this.#limits.maxMessageBytes
  }

  begun(_flags: number, length: number): CutReason | undefined {
    const plain = length - BOX_BYTES
    if (plain < 0) return 'malformed'
    this.#isSmall = isSmall(plain)
    if (this.#isSmall) {
      this.in.small += 1
      this.#pings[plain] = (this.#pings[plain] as number) + 1
      this.#account.held(SMALL_BYTES)
      return undefined
    }
    this.in.frames += 1
    // The rest is counted as it comes.
    this.in.bytes -= BOX_BYTES
    this.#account.held(RECORD_BYTES - BOX_BYTES)
    return faultOf(length, this.#limits)
  }

  passed(bytes: number): void {
    if (this.#isSmall) return
    this.in.bytes += bytes
    this.#account.held(bytes)
  }

  ended(): void {
    // Whether a message ends here is in the box.
  }

  answered(plainBytes: number): void {
    const ping = plainBytes + PING_MORE_THAN_PONG_BYTES
    const pings = this.#pings[ping]
    if (pings === undefined || pings === 0) return
    this.#pings[ping] = pings - 1
    this.#smallCameOut(1)
  }

  cameOut(frames: readonly Buffer[]): void {
    for (let at = 1; at < frames.length; at++) {
      const { length } = frames[at] as Buffer
      if (isSmall(length)) this.#smallCameOut(1)
      else this.#account.held(-costOf(length))
    }
  }

  meet(id: string, out: Tally): void {
    this.id = id
    this.#out = out
    this.#smallOut = Math.min(this.in.small, this.#smallOut + out.small)
  }

  beginAnew(): void {
    this.id = undefined
    this.in = { frames: 0, bytes: 0, small: 0 }
    this.#out = { frames: 0, bytes: 0, small: 0 }
    this.#smallOut = 0
    this.#pings.fill(0)
  }

  /** More cannot come out than was let in: what a pong seemed to answer was a part of a message then. */
  #smallCameOut(frames: number): void {
    const out = Math.min(frames, this.in.small - this.#smallOut)
    this.#smallOut += out
    this.#account.held(-out * SMALL_BYTES)
  }
}

/** Pings come between, so the numbers of small frames say something only where there are no others. */
function areEqual(a: Tally, b: Tally): boolean {
  return a.frames === b.frames && a.bytes === b.bytes && (a.frames > 0 || a.small === b.small)
}

function isSmall(plainBytes: number): boolean {
  return plainBytes >= MIN_PING_BYTES && plainBytes <= MAX_PING_BYTES
}

function costOf(plainBytes: number): number {
  return isSmall(plainBytes) ? SMALL_BYTES : RECORD_BYTES + plainBytes
}

function tally(into: Tally, plainBytes: number): void {
  if (isSmall(plainBytes)) into.small += 1
  else {
    into.frames += 1
    into.bytes += plainBytes
  }
}

function costOfTally({ frames, bytes, small }: Tally): number {
  return RECORD_BYTES * frames + bytes + SMALL_BYTES * small
}
