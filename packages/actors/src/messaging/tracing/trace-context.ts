import { loadOpenTelemetry, OPEN_TELEMETRY, type Tracing } from './open-telemetry.js'

/** https://www.w3.org/TR/trace-context/: version, trace, parent and flags, in hexadecimal digits. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/

// One of each for a thread. Without tracing, a message costs one look at each of them and one at the registration.
let current: string | undefined
let tracing: Tracing | undefined
let hasLooked = false

/** Whether a text is a traceparent. */
export function isTraceparent(text: string): boolean {
  return TRACEPARENT.test(text)
}

/** The W3C traceparent that travels with messages sent now; undefined when there is none. */
export function traceparentToSend(): string | undefined {
  const spans = tracing ?? findTracing()
  return spans === undefined ? current : (spans.active() ?? current)
}

/**
 * Attaches a W3C traceparent to the messages that a function sends before its first `await`. Handlers of these messages
 * see it as `context.traceparent`, and what they send before their first `await` carries it on. After that, wrap again:
 * `withTraceparent(context.traceparent, () => …)`. Undefined sends without a traceparent. With OpenTelemetry you need
 * none of this: its own active span counts.
 *
 * @example
 *   withTraceparent(request.headers.traceparent, () => orders.tell.add(order))
 *
 * @throws {TypeError} When the text is not a valid traceparent.
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
  if (hasLooked || !(OPEN_TELEMETRY in globalThis)) return undefined
  hasLooked = true
  tracing = loadOpenTelemetry()
  return tracing
}
