import type { Block } from './blocks.js'
import { Queue } from './queue.js'

/** The bounds of a lane. */
export interface LaneLimits {
  /** The number of its first slot; the others follow. */
  readonly firstSlot: number
  readonly maxMessages: number
  readonly maxBytes: number
}

/**
 * Messages of one kind on their way to one peer: those that wait for a slot, and the slots that they have for as long as the peer has not
 * handled them. It does no IO.
 */
export class Lane {
  readonly #limits: LaneLimits
  readonly #bodies = new Queue<string>()
  readonly #lent = new Queue<readonly Block[] | undefined>()
  #waitingBytes = 0
  #sendings = 0
  readonly #freeSlots: number[] = []
  #freshSlots = 0
  #unhandledBytes = 0

  constructor(limits: LaneLimits) {
    this.#limits = limits
  }

  /** Messages that wait for a slot or a flush. */
  get waiting(): number {
    return this.#bodies.size
  }

  /** Bytes of them. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** Messages that have ever taken a slot. */
  get sendings(): number {
    return this.#sendings
  }

  /** Messages that have a slot. */
  get unhandled(): number {
    return this.#freshSlots - this.#freeSlots.length
  }

  /** Bytes of them. */
  get unhandledBytes(): number {
    return this.#unhandledBytes
  }

  /** Adds a message at the end. */
  add(body: string, blocks: readonly Block[] | undefined): void {
    flatten(body)
    this.#bodies.add(body)
    this.#lent.add(blocks)
    this.#waitingBytes += sizeOf(body, blocks)
  }

  /** Adds a message before all that wait. */
  addFirst(body: string, blocks: readonly Block[] | undefined): void {
    flatten(body)
    this.#bodies.addFirst(body)
    this.#lent.addFirst(blocks)
    this.#waitingBytes += sizeOf(body, blocks)
  }

  /** Takes the first message that waits, and a slot for it; undefined when none waits, or there is no room for it. One that is larger than all room travels alone. */
  send(): { readonly slot: number; readonly body: string; readonly blocks: readonly Block[] | undefined } | undefined {
    const body = this.#bodies.peek()
    if (body === undefined) return undefined
    const blocks = this.#lent.peek()
    const size = sizeOf(body, blocks)
    const slot = this.#takeSlot(size)
    if (slot === undefined) return undefined
    this.#bodies.take()
    this.#lent.take()
    this.#waitingBytes -= size
    this.#unhandledBytes += size
    this.#sendings += 1
    return { slot, body, blocks }
  }

  /** Takes the slot of a message back. */
  free(slot: number, body: string, blocks: readonly Block[] | undefined): void {
    this.#unhandledBytes -= sizeOf(body, blocks)
    this.#freeSlots.push(slot)
  }

  /** Takes the first message that waits, for nobody to send. */
  take(): { readonly body: string; readonly blocks: readonly Block[] | undefined } | undefined {
    const body = this.#bodies.take()
    if (body === undefined) return undefined
    const blocks = this.#lent.take()
    this.#waitingBytes -= sizeOf(body, blocks)
    return { body, blocks }
  }

  /** Takes all slots back. */
  freeAll(): void {
    this.#unhandledBytes = 0
    this.#freeSlots.length = 0
    this.#freshSlots = 0
  }

  #takeSlot(size: number): number | undefined {
    const { firstSlot, maxMessages, maxBytes } = this.#limits
    if (this.#unhandledBytes > 0 && this.#unhandledBytes + size > maxBytes) return undefined
    const free = this.#freeSlots.pop()
    if (free !== undefined) return free
    if (this.#freshSlots === maxMessages) return undefined
    return firstSlot + this.#freshSlots++
  }
}

/**
 * V8 keeps a text as the tree of parts that it was put together from, in five times the memory, until somebody reads it. It may
 * wait here, and then at the peer, for long.
 */
function flatten(body: string): void {
  body.charCodeAt(0)
}

function sizeOf(body: string, blocks: readonly Block[] | undefined): number {
  let bytes = body.length
  if (blocks !== undefined) for (const block of blocks) bytes += block.memory.byteLength
  return bytes
}
