/** Makes spans for messages, when tracing is on. */
export interface Tracing {
  /** The W3C traceparent of the span that is active now, also after an `await`; undefined when there is none. */
  active(): string | undefined
  /**
   * Runs a handler in a span of its own, whose parent came with the message, and ends the span when the handler is
   * done. Returns what the handler returns.
   */
  handle(traceparent: string, name: string, run: () => unknown): unknown
}
