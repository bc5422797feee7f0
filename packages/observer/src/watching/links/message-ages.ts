/** A reading of how many messages were sent in all. */
interface Reading {
  readonly atMs: number
  readonly sent: number
}

/** Readings that are kept. When there are more, each second one is forgotten. */
const MOST_READINGS = 240

/**
 * How long the oldest messages of one direction of a link wait. Nothing is written into messages for that: it remembers
 * how many had been sent at each look, and as many as are settled now are older. So it is right to the time between two
 * looks, and takes messages to be settled in the order in which they were sent.
 */
export class MessageAges {
  readonly #readings: Reading[] = []

  /**
   * Looks at the link.
   *
   * @param settled Of those that were sent, how many wait no longer.
   * @returns Milliseconds that the oldest has waited, at least. 0 when none waits.
   */
  look(sent: number, settled: number, atMs: number): number {
    const readings = this.#readings
    // Another link has its place.
    if (sent < (readings.at(-1)?.sent ?? 0)) readings.length = 0
    readings.push({ atMs, sent })
    // All that had been sent by then is settled.
    while (readings.length > 1 && (readings[0] as Reading).sent <= settled) readings.shift()
    if (readings.length > MOST_READINGS)
      readings.splice(0, readings.length, ...readings.filter((_, at) => at % 2 === 0))
    return sent > settled ? atMs - (readings[0] as Reading).atMs : 0
  }
}
