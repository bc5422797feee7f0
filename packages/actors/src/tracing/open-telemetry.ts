import type * as OpenTelemetry from '@opentelemetry/api'
import type { Span } from '@opentelemetry/api'
import { toError } from '../thrown.js'
import { useTracing } from './trace-context.js'
import type { Tracing } from './tracing.js'

type Api = typeof OpenTelemetry

let found: Promise<void> | undefined

/**
 * Has spans made by OpenTelemetry when `@opentelemetry/api` is installed. It is looked for once in each thread.
 *
 * A thread makes spans when its OpenTelemetry has a tracer provider and a context manager: register them where each thread passes, for example in the module that fills its container.
 */
export function findOpenTelemetry(importApi: () => Promise<Api> = () => import('@opentelemetry/api')): Promise<void> {
  found ??= importApi().then(
    api => useTracing(openTelemetry(api)),
    (error: unknown) => {
      if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    },
  )
  return found
}

/** Makes spans by OpenTelemetry. */
export function openTelemetry({ context, trace, isSpanContextValid, ROOT_CONTEXT, SpanKind, SpanStatusCode }: Api): Tracing {
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
      const parent = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true })
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
