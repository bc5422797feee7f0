import { randomUUID } from 'node:crypto'
import { describeThrown, toError } from '@zera/core'
import type { Clock } from './clock.js'

/** Something that went wrong with a peer or a call, and ended it alone. */
export interface Incident {
  /** A client whose error text is masked is told this one, and nothing else of it. */
  readonly id: string
  /** Which device noticed it, such as `worker of shout`. */
  readonly device: string
  /** What happened, in bounded length. What a peer or a client has said may be in it. */
  readonly text: string
}

/** How clients are told why a call failed: `masked` says that it did and the incident's id, `shown` what was thrown. */
export type ErrorTexts = 'masked' | 'shown'

/** What devices do with what their callers' code throws, and with peers that cannot be understood. */
export interface IncidentOptions {
  /** Whether clients see the text of an error that was thrown here. Default `masked`: such texts may hold what is not theirs. */
  readonly errorTexts?: ErrorTexts
  /** Is told of each incident. What it throws is dropped. Default: writes to stderr, ten at once and one a second after that, with the number of those that were left out. */
  readonly log?: (incident: Incident) => void
}

/** Incidents that the default log writes at once, and the milliseconds after which it may write one more. */
const BURST = 10
const REFILL_MS = 1000
const LONGEST_TEXT = 4000
/** A text from outside must not be taken for a line of this log. */
const CONTROLS = /[^\P{Cc}\n]/gu

/** The incidents of one device. */
export class Incidents {
  readonly #device: string
  readonly #errorTexts: ErrorTexts
  readonly #log: (incident: Incident) => void

  constructor(device: string, { errorTexts = 'masked', log }: IncidentOptions, clock: Clock) {
    this.#device = device
    this.#errorTexts = errorTexts
    this.#log = log ?? stderrLog(clock)
  }

  /** Notes that a peer did what cannot be understood. */
  note(text: string): void {
    this.#tell(text)
  }

  /** Notes what a handler has thrown, whatever it is, and gives the text for the client. */
  failed(thrown: unknown): string {
    const id = this.#tell(stackOf(thrown))
    return this.#errorTexts === 'shown' ? describeThrown(thrown) : `The handler failed; what it threw is logged where it runs, as incident ${id}`
  }

  #tell(text: string): string {
    const id = randomUUID()
    try {
      this.#log({ id, device: this.#device, text: text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…` })
    } catch {
      // Who logs is no part of the call.
    }
    return id
  }
}

/** Checks the options. @throws {TypeError} When one is none. */
export function checkIncidentOptions(action: string, { errorTexts, log }: IncidentOptions): IncidentOptions {
  if (errorTexts !== undefined && errorTexts !== 'masked' && errorTexts !== 'shown') throw new TypeError(`Cannot ${action}: errorTexts must be masked or shown, not ${String(errorTexts)}`)
  if (log !== undefined && typeof log !== 'function') throw new TypeError(`Cannot ${action}: log must be a function`)
  return { ...(errorTexts && { errorTexts }), ...(log && { log }) }
}

/** Writes to stderr, at a bounded rate. */
function stderrLog(clock: Clock): (incident: Incident) => void {
  let left = BURST
  let filledMs = clock.now()
  let omitted = 0
  return ({ id, device, text }) => {
    const refill = Math.floor((clock.now() - filledMs) / REFILL_MS)
    if (refill > 0) {
      left = Math.min(BURST, left + refill)
      filledMs += refill * REFILL_MS
    }
    if (left === 0) {
      omitted += 1
      return
    }
    left -= 1
    const plain = text.replaceAll(CONTROLS, '\uFFFD').replaceAll('\n', '\n    ')
    console.error(`zera ${device}: ${plain} (incident ${id}${omitted === 0 ? '' : `; ${omitted} before it were left out`})`)
    omitted = 0
  }
}

function stackOf(thrown: unknown): string {
  const { stack } = toError(thrown)
  return typeof stack === 'string' && stack !== '' ? stack : describeThrown(thrown)
}
