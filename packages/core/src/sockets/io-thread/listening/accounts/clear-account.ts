import { monotonicMs } from '../../../../base/runtime/real-timers.js'
import type { CutReason } from '../../../connection-counts.js'
import type { CheckedLimits } from '../../../options/listening-limits.js'
import { COMMAND, MORE } from '../zmtp/zmtp.js'
import { ARRIVAL_MS, faultOf, type HeldAccount, type Meter } from './held-account.js'

/** Frames up to that size lie in ZeroMQ's own record of them. */
const INLINE_BYTES = 33
const RECORD_BYTES = 64
/** A larger frame keeps the buffer that it was read into, so one that arrives alone costs that much. */
const READ_BUFFER_BYTES = 8192
/** Commands are pings, subscriptions and errors; ZeroMQ takes them at once. */
const MAX_COMMAND_BYTES = 4096

/**
 * What is kept for connections without encryption, where it can be seen which frames are a message: exact for each
 * connection.
 */
export class ClearAccount implements HeldAccount {
  readonly #limits: CheckedLimits
  #messageBytes = 0
  #unfinishedBytes = 0
  #lastMessageAt = -Infinity

  constructor(limits: CheckedLimits) {
    this.#limits = limits
  }

  get heldBytes(): number {
    return this.#messageBytes + this.#unfinishedBytes
  }

  open(): ClearMeter {
    return new ClearMeter(this.#limits, {
      unfinished: bytes => (this.#unfinishedBytes += bytes),
      message: bytes => {
        this.#messageBytes += bytes
        this.#lastMessageAt = monotonicMs()
      },
    })
  }

  close(meter: Meter): void {
    this.#unfinishedBytes -= meter.heldBytes
  }

  cameOut(frames: readonly Buffer[]): void {
    let bytes = 0
    for (let at = 1; at < frames.length; at++) bytes += costOf((frames[at] as Buffer).length)
    this.#messageBytes = Math.max(0, this.#messageBytes - bytes)
  }

  settle(emptyAt: number): void {
    // What is still on the account was dropped with its connection.
    if (emptyAt >= this.#lastMessageAt + ARRIVAL_MS) this.#messageBytes = 0
  }
}

/** What a meter has of its account. */
interface ClearSums {
  unfinished(bytes: number): void
  message(bytes: number): void
}

class ClearMeter implements Meter {
  readonly isBeyond = false
  readonly #limits: CheckedLimits
  readonly #account: ClearSums
  #isCommand = false
  #hasMore = false
  #frames = 0
  #bodyBytes = 0
  #heldBytes = 0

  constructor(limits: CheckedLimits, account: ClearSums) {
    this.#limits = limits
    this.#account = account
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  begun(flags: number, length: number): CutReason | undefined {
    this.#isCommand = (flags & COMMAND) !== 0
    if (this.#isCommand) return length > MAX_COMMAND_BYTES ? 'malformed' : undefined
    this.#hasMore = (flags & MORE) !== 0
    this.#frames += 1
    this.#bodyBytes += length
    const { maxFrames, maxMessageBytes } = this.#limits
    if (this.#frames > maxFrames || this.#bodyBytes > maxMessageBytes) return 'oversize'
    // The body is counted as it comes.
    this.#hold(costOf(length) - length)
    return faultOf(length, this.#limits)
  }

  passed(bytes: number): void {
    if (!this.#isCommand) this.#hold(bytes)
  }

  ended(): void {
    if (this.#isCommand || this.#hasMore) return
    this.#account.message(this.#heldBytes)
    this.#hold(-this.#heldBytes)
    this.#frames = 0
    this.#bodyBytes = 0
  }

  answered(): void {
    // Pings are commands that can be seen.
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes
    this.#account.unfinished(bytes)
  }
}

function costOf(length: number): number {
  return length + (length <= INLINE_BYTES ? RECORD_BYTES : READ_BUFFER_BYTES)
}
