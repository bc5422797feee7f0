import { isNoFrame, type RawFrame } from '../../native/pair-socket.js'
import { AfterMicrotasks } from './after-microtasks.js'
import { giveUp, type Served } from './served.js'

/** Frames that one link may have received in a round before the others have theirs. */
const FRAMES_A_ROUND = 16
/** How often code may await that a frame has woken, so that it has run before the next frame is passed on. */
const MICROTASKS_A_FRAME = 5

/** Who makes rounds. No function may throw. */
export interface RoundOwner {
  /** All links had their frames received. */
  readonly ended: () => void
  /** What a frame has woken has run, and there is another frame. */
  readonly passed: () => void
  /** A link could not say whether it has frames; the round has ended with that. */
  readonly failed: (error: unknown) => void
}

/**
 * One pass over the links of a thread: of each, what has come is received and passed on, so many frames at most. What a
 * frame wakes runs before the next one.
 *
 * It goes on by callbacks: as an async function it would make five promises for each frame, and cost as much as reading
 * it.
 */
export class Round {
  readonly #links: ReadonlySet<Served>
  readonly #owner: RoundOwner
  #unserved: Iterator<Served> = [].values()
  #link: Served | undefined
  #framesLeft = 0
  readonly #pause = new AfterMicrotasks(MICROTASKS_A_FRAME, () => {
    this.#owner.passed()
    this.#goOn()
  })
  /** Whether a frame was passed on just now. */
  #mustPause = false

  constructor(links: ReadonlySet<Served>, owner: RoundOwner) {
    this.#links = links
    this.#owner = owner
  }

  /** Begins, when the last round has ended. It may end at once. */
  begin(): void {
    this.#unserved = this.#links.values()
    this.#mustPause = false
    this.#goOn()
  }

  #goOn(): void {
    let isReceiving = false
    try {
      do isReceiving = this.#receive()
      while (!isReceiving && this.#turnToNext())
    } catch (error) {
      this.#owner.failed(error)
      return
    }
    if (!isReceiving) this.#owner.ended()
  }

  /** Takes the next frame of a link. Returns false when it has no more, or has had its share. */
  #receive(): boolean {
    const link = this.#link
    if (link === undefined || this.#framesLeft === 0 || !link.hasFrames) return false
    if (this.#mustPause) {
      this.#mustPause = false
      this.#pause.start()
      return true
    }
    this.#framesLeft -= 1
    try {
      link.receive().then(this.#received, this.#refused)
      return true
    } catch (error) {
      this.#giveUp(error)
      return false
    }
  }

  /** Returns false when all had theirs. */
  #turnToNext(): boolean {
    const { value, done } = this.#unserved.next()
    this.#link = done === true ? undefined : value
    this.#framesLeft = FRAMES_A_ROUND
    return done !== true
  }

  readonly #received = (frame: RawFrame): void => {
    this.#mustPause = true
    try {
      this.#link?.pass(frame)
    } catch (error) {
      this.#giveUp(error)
    }
    this.#goOn()
  }

  readonly #refused = (error: unknown): void => {
    if (isNoFrame(error)) this.#framesLeft = 0
    else this.#giveUp(error)
    this.#goOn()
  }

  #giveUp(error: unknown): void {
    if (this.#link !== undefined) giveUp(this.#link, error)
    this.#framesLeft = 0
  }
}
