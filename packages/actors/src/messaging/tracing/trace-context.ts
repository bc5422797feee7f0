import { isOpenTelemetryRegistered, loadOpenTelemetry } from './open-telemetry.js'
import type { Tracing } from './tracing.js'

/** https://www.w3.org/TR/trace-context/: version, trace, parent and flags, in hexadecimal digits. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/

// One of each for a thread. Where nobody traces, a message costs a look at both and one at what is registered.
let current: string | undefined
let tracing: Tracing | undefined
let hasLooked = false

/** Whether a text is a traceparent. */
export function isTraceparent(text: string): boolean {
  return TRACEPARENT.test(text)
}

/** The W3C traceparent that travels with what is sent now; undefined when there is none. */
export function traceparentToSend(): string | undefined {
  const spans = tracing ?? findTracing()
  return spans === undefined ? current : (spans.active() ?? current)
}

/**
 * Sends the messages that something sends, until its first `await`, with a W3C traceparent. Handlers of such messages
 * see it as `context.traceparent`, and what they send until their first `await` carries it on; after that, wrap it
 * again: `withTraceparent(context.traceparent, () => …)`. Undefined sends without one. With OpenTelemetry none of this
 * is needed: its own active span counts.
 *
 * @example
 *   ;```ts
 *   withTraceparent(request.headers.traceparent, () => orders.tell.add(order))
 *   ```
 *
 * @throws {TypeError} When it is no traceparent.
 */
export function withTraceparent<T>(traceparent: string | undefined, run: () => T): T {
  if (traceparent !== undefined && !isTraceparent(traceparent))
    throw new TypeError(
      `Cannot send with the traceparent "${traceparent}": it is none; https://www.w3.org/TR/trace-context/ says how one looks`,
    )
  const outer = current
  current = traceparent
  try {
    return run()
  } finally {
    current = outer
  }
}

/** Runs the handler of a message that came with a traceparent. */
export function handleTraced(traceparent: string, name: string, run: () => unknown): unknown {
  const spans = tracing ?? findTracing()
  return withTraceparent(traceparent, () => (spans === undefined ? run() : spans.handle(traceparent, name, run)))
}

function findTracing(): Tracing | undefined {
  if (hasLooked || !isOpenTelemetryRegistered()) return undefined
  hasLooked = true
  tracing = loadOpenTelemetry()
  return tracing
}
