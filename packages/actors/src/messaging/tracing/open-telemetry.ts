import { createRequire } from 'node:module'
import type * as OpenTelemetry from '@opentelemetry/api'
import type { Span } from '@opentelemetry/api'
import { toError } from '@zera/core/internal'

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

type Api = typeof OpenTelemetry

/**
 * Where all copies of OpenTelemetry's API, version 1, keep what is registered in a thread. Until it is there, the API
 * is not loaded: that takes as long as the start of a thread.
 */
export const OPEN_TELEMETRY = Symbol.for('opentelemetry.js.api.1')

/**
 * Makes spans with OpenTelemetry; undefined when `@opentelemetry/api` cannot be found from here.
 *
 * A thread makes spans when its OpenTelemetry has a tracer provider and a context manager: register them in code that
 * each thread runs, for example in the module that fills its container.
 */
export function loadOpenTelemetry(
  load: (name: string) => unknown = createRequire(import.meta.url),
): Tracing | undefined {
  try {
    return openTelemetry(load('@opentelemetry/api') as Api)
  } catch (error) {
    if ((error as { code?: unknown }).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** Makes spans with OpenTelemetry. */
export function openTelemetry({
  context,
  trace,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
}: Api): Tracing {
  const end = (span: Span, thrown?: { readonly error: unknown }): void => {
    if (thrown !== undefined) {
      const error = toError(thrown.error)
      span.recordException(error)
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
    }
    span.end()
  }
  return {
    active() {
      const spanContext = trace.getActiveSpan()?.spanContext()
      if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined
      const { traceId, spanId, traceFlags } = spanContext
      return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
    },
    handle(traceparent, name, run) {
      const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-')
      const parent = trace.setSpanContext(ROOT_CONTEXT, {
        traceId,
        spanId,
        traceFlags: Number.parseInt(flags, 16),
        isRemote: true,
      })
      const span = trace.getTracer('@zera/actors').startSpan(name, { kind: SpanKind.CONSUMER }, parent)
      try {
        const result = context.with(trace.setSpan(parent, span), run)
        if (result instanceof Promise) {
          result.then(
            () => end(span),
            (error: unknown) => end(span, { error }),
          )
        } else {
          end(span)
        }
        return result
      } catch (error) {
        end(span, { error })
        throw error
      }
    },
  }
}
