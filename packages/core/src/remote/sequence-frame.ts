/** One frame of a sequence, as `FrameSequence` has it. The code that takes it checks what it holds. */
export type SequenceFrame = readonly [number: number, received: number, third?: unknown, batch?: unknown]

/**
 * Frames that a side may be ahead of what the other has: more than all windows allow, and than is ever said to a node
 * that does not answer.
 */
const MOST_AHEAD = 2 ** 20

/** Reads the text of a frame. Returns what is wrong with one that cannot be read. */
export function readFrame(text: string): SequenceFrame | string {
  let frame: unknown
  try {
    frame = JSON.parse(text)
  } catch {
    return 'it is no JSON'
  }
  if (!Array.isArray(frame)) return 'it is no array'
  const [number, received, third, batch] = frame as unknown[]
  if (!Number.isSafeInteger(number) || (number as number) < -2) return 'it has no number'
  if (!isCount(received)) return 'it does not say how many frames have arrived'
  const length = number === -1 ? 2 : (number as number) > 0 ? 4 : 3
  if (frame.length !== length) return `it has ${frame.length} parts, and not ${length}`
  if (length === 3 && !isCount(third)) return 'it does not say how many frames were sent'
  if (length === 4 && !(Array.isArray(third) && Array.isArray(batch))) return 'it has no messages'
  return frame as unknown as SequenceFrame
}

/**
 * Why no peer can have sent a frame, if none can.
 *
 * @param sent How many frames this side has sent.
 * @param taken How many of the peer it has taken.
 */
export function problemOf([number, received, third]: SequenceFrame, sent: number, taken: number): string | undefined {
  if (received > sent) return `it confirms ${received} frames of ${sent}`
  const last = number > 0 ? number : number === -1 ? 0 : (third as number)
  return last > taken + MOST_AHEAD ? `it is frame ${last}, and ${taken} have arrived` : undefined
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
