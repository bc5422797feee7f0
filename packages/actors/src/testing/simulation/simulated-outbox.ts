import {
  encodeValues,
  LINK_LIMITS,
  PipeClosedError,
  PipeFullError,
  Waiters,
  type CodecExtension,
  type Head,
  type LinkOutbox,
  type LinkReceiver,
  type Progress,
  type Returned,
  type RowBatch,
  type Way,
} from '@zera/core/internal'
import { ASK, FORMAT, OPEN, type MessageBody } from '../../messaging/format/message-format.js'

/** The host whose link it is. */
export interface OutboxPlace {
  /** Whether its thread has ended: nothing leaves it and nothing arrives any more. */
  readonly isDead: boolean
  /** Messages that one side may have without having handled them, and as many replies. */
  readonly windowMessages: number
}

/** A message that the peer has, or that is on its way there. */
export interface SentMessage {
  readonly slot: number
  readonly kind: 'message' | 'reply'
  readonly body: string
  progress: Progress
  /** Whether its sender has taken it back: it is not begun any more. */
  isWithdrawn: boolean
}

const NAME = 'a simulated link'

/** What one side of a simulated link sends. It gives the guarantees of `Outbox`. */
export class SimulatedOutbox implements LinkOutbox {
  readonly #place: OutboxPlace
  readonly #receiver: LinkReceiver
  readonly #accepted: () => void
  #isClosed = false
  #nextSlot = 0
  /** Accepted messages whose outcome is not known yet. */
  #unsettled = 0
  readonly #waiting: Record<'message' | 'reply', string[]> = { message: [], reply: [] }
  #waitingBytes = 0
  readonly #underWay = { message: 0, reply: 0 }
  readonly #unhandled = new Map<number, SentMessage>()
  readonly #moved = new Waiters()

  /** @param accepted Called when a message was accepted, and when there is room for a waiting one. */
  constructor(place: OutboxPlace, receiver: LinkReceiver, accepted: () => void) {
    this.#place = place
    this.#receiver = receiver
    this.#accepted = accepted
  }

  get backlog(): number {
    return this.#waiting.message.length + this.#waiting.reply.length
  }

  /** In the account of the link, or of its host as long as it was never open. */
  get unsettled(): number {
    return this.#unsettled
  }

  post(body: string): boolean {
    this.#expectOpen()
    const { backlog } = this
    if (backlog >= LINK_LIMITS.backlogMessages || this.#waitingBytes >= LINK_LIMITS.backlogBytes)
      throw new PipeFullError(NAME, backlog, this.#waitingBytes)
    return this.#add(body, 'message')
  }

  /** Values travel as text. */
  postValues(way: Way, head: Head, key: number, values: readonly unknown[], extension?: CodecExtension): boolean {
    const text = FORMAT.text(head, key, encodeValues(values, extension))
    if (way === 'message') return this.post(text)
    if (way === 'reply') this.postReply(text)
    else if (way === 'always') this.postAlways(text)
    else this.postAhead(text)
    return this.#hasRoom(LINK_LIMITS.backlogMark)
  }

  /** A row travels as the message that it stands for. */
  postRow({ shape, label }: RowBatch, cells: readonly unknown[]): boolean {
    const body = JSON.stringify(shape.body(label, cells, 0))
    if (shape.lane === 'messages') return this.post(body)
    this.#expectOpen()
    return this.#add(body, 'reply')
  }

  postAlways(body: string): void {
    this.#expectOpen()
    this.#add(body, 'message')
  }

  postAhead(body: string): void {
    if (this.#isClosed) throw new PipeClosedError(NAME)
    this.#add(body, 'message', 'first')
  }

  postReply(body: string): void {
    this.#expectOpen()
    this.#add(body, 'reply')
  }

  /** Takes a message that waits back at once, and marks one that has left. */
  takeBack(key: number): boolean {
    const { message } = this.#waiting
    const at = message.findIndex(body => keyOf(JSON.parse(body)) === key)
    if (at < 0) {
      const sent = this.#place.isDead
        ? undefined
        : [...this.#unhandled.values()].find(({ body }) => keyOf(JSON.parse(body)) === key)
      if (sent?.progress === 'not-begun') sent.isWithdrawn = true
      return false
    }
    const [body = ''] = message.splice(at, 1)
    this.#waitingBytes -= body.length
    this.#receiver.dropped?.(JSON.parse(body))
    this.#unsettled -= 1
    return true
  }

  async ready(below: number = LINK_LIMITS.backlogMark): Promise<void> {
    while (!this.#isClosed && !this.#hasRoom(below)) await this.#moved.wait()
  }

  settled(messages: number): void {
    this.#unsettled -= messages
  }

  /** The messages that leave now. */
  takeFrame(): readonly SentMessage[] {
    const frame = [...this.#take('reply'), ...this.#take('message')]
    this.#moved.wake()
    return frame
  }

  /** A message that the peer has not handled. */
  sent(slot: number): SentMessage | undefined {
    return this.#unhandled.get(slot)
  }

  /** The peer has handled a message. */
  handled(sent: SentMessage): void {
    this.#unhandled.delete(sent.slot)
    if (sent.kind === 'message' && sent.progress === 'not-begun' && !this.#place.isDead)
      this.#receiver.refused?.(JSON.parse(sent.body))
    this.#unsettled -= 1
    this.#underWay[sent.kind] -= 1
    if (this.backlog > 0) this.#accepted()
  }

  /** Gives back what the peer has not handled, in the order of sending, and is empty then. */
  takeReturned(): Returned[] {
    const sent = [...this.#unhandled.values()]
    this.#unhandled.clear()
    this.#waitingBytes = 0
    const unsent = [...this.#waiting.reply.splice(0), ...this.#waiting.message.splice(0)]
    return [
      ...sent.map(({ body, progress }) => ({ body: JSON.parse(body) as unknown, progress })),
      ...unsent.map(body => ({ body: JSON.parse(body) as unknown, progress: 'not-begun' as const })),
    ]
  }

  /** @param wasOpen Whether its link was ever open; if not, waiting messages have no owner from here on. */
  close(wasOpen: boolean): void {
    if (!wasOpen && !this.#isClosed) this.#unsettled -= this.backlog
    this.#isClosed = true
    // Code that waits on a dead host waits forever.
    if (!this.#place.isDead) this.#moved.wake()
  }

  #hasRoom(below: number): boolean {
    return this.backlog < below && this.#waitingBytes < LINK_LIMITS.backlogMarkBytes
  }

  #expectOpen(): void {
    if (this.#isClosed && !this.#place.isDead) throw new PipeClosedError(NAME)
  }

  #add(body: string, kind: 'message' | 'reply', place: 'first' | 'last' = 'last'): boolean {
    // Code of a dead host may still run; it reaches no other host.
    if (this.#place.isDead) return true
    if (place === 'first') this.#waiting[kind].unshift(body)
    else this.#waiting[kind].push(body)
    this.#waitingBytes += body.length
    this.#unsettled += 1
    this.#accepted()
    return this.#hasRoom(LINK_LIMITS.backlogMark)
  }

  #take(kind: 'message' | 'reply'): SentMessage[] {
    const bodies = this.#waiting[kind].splice(0, this.#place.windowMessages - this.#underWay[kind])
    this.#underWay[kind] += bodies.length
    return bodies.map(body => {
      this.#waitingBytes -= body.length
      const sent: SentMessage = { slot: this.#nextSlot++, kind, body, progress: 'not-begun', isWithdrawn: false }
      this.#unhandled.set(sent.slot, sent)
      return sent
    })
  }
}

/** The correlation of an ask, or of a stream that is opened. */
function keyOf(body: unknown): unknown {
  if (!Array.isArray(body)) return undefined
  const [kind, , , , , correlation] = body as unknown as MessageBody
  return kind === ASK || kind === OPEN ? correlation : undefined
}
