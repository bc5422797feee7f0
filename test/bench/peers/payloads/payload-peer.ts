import type { Kind } from '../../benches/payloads/kinds/kinds.js'
import type { Tally } from '../../runs/delivery-error.js'

/** Another thread that takes payloads, sends them back, and has some of its own. */
export interface PayloadPeer extends AsyncDisposable {
  /** Says which kind comes next, when nothing is under way. */
  begin(kind: Kind): Promise<void>
  /** Sends the payload with this number, and gives what came back. */
  echo(number: number): Promise<unknown>
  /** Sends so many one way, and gives how many were received, and the sum of their marks. */
  send(messages: number): Promise<Tally>
  /** Reads so many as a stream. */
  items(items: number): AsyncIterable<unknown>
  /** Has the other thread let go of everything that came, when nothing is under way. */
  collect(): Promise<void>
  /** Lets go of what came, when that has been looked at. */
  release(value: unknown): void
}
