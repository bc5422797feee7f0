import type { Link } from './link.js'
import type { Signal } from './signal.js'

/** A part of this thread that talks to the main thread on the control link, by a word of its own. */
export interface ControlPart {
  /** Takes what the main thread says by that word. */
  take(data: unknown, handedOver: unknown): void
  /** Sends what it has and closes what it opened: the thread is about to leave. */
  leave(): Promise<void>
}

let control: Link | undefined
const parts = new Map<string, ControlPart>()

/** Notes the link to the thread that started this one. */
export function setControlLink(link: Link): void {
  control = link
}

/** The link to the thread that started this one; undefined in the main thread. */
export function controlLink(): Link | undefined {
  return control
}

/** Adds a part, by its word. So the thread need not know what it belongs to, which stands on a floor above. */
export function joinControlLink(word: string, part: ControlPart): void {
  parts.set(word, part)
}

/** Gives a signal to the part that owns the word. Returns false when no part does. */
export function takeControlWord({ signal, data }: Signal, handedOver: unknown): boolean {
  const part = parts.get(signal)
  part?.take(data, handedOver)
  return part !== undefined
}

/** Makes all parts leave, in the order in which they joined. */
export async function leaveControlLink(): Promise<void> {
  for (const part of parts.values()) await part.leave()
}
