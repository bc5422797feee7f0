import * as api from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { endedSpans, registerSpans, unregisterSpans } from '../../fixtures/actors/talking/spans.js'
import traced from '../../fixtures/actors/talking/traced.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { startSystem } from '../../index.js'
import { openTelemetry } from './open-telemetry.js'

beforeEach(registerSpans)
afterEach(unregisterSpans)

describe('OpenTelemetry', () => {
  expectNoLeaksAfterEach()

  test('links spans from thread to thread, also across an await', async () => {
    await using system = await startSystem({ threads: 1, handleSignals: false })
    const first = await system.spawn(traced)
    const second = await system.spawn(traced, { placement: 'own-thread' })
    for (const ref of [first, second]) await ref.ask.register()
    const tracer = api.trace.getTracer('test')
    const root = tracer.startSpan('root')
    const { traceId, spanId } = root.spanContext()

    const inFirst = await api.context.with(api.trace.setSpan(api.ROOT_CONTEXT, root), () =>
      first.ask.spanThenAsk(second),
    )

    expect(inFirst.traceparent).toBe(`00-${traceId}-${inFirst.spanId}-01`)
    expect(await first.ask.ended()).toEqual([
      { name: 'Traced.spanThenAsk', traceId, spanId: inFirst.spanId, parentSpanId: spanId },
    ])
    expect(await second.ask.ended()).toEqual([
      { name: 'Traced.traceparent', traceId, spanId: expect.any(String) as string, parentSpanId: inFirst.spanId },
    ])
  })

  test('makes no span of a message without a trace, and ends one with the error of its handler', async () => {
    endedSpans.length = 0
    await using system = await startSystem({ threads: 0, handleSignals: false })
    const ref = await system.spawn(traced)
    await ref.ask.traceparent()
    expect(endedSpans).toEqual([])

    const root = api.trace.getTracer('test').startSpan('root')
    await expect(api.context.with(api.trace.setSpan(api.ROOT_CONTEXT, root), () => ref.ask.fail())).rejects.toThrow(
      RangeError,
    )

    expect(endedSpans).toMatchObject([
      { name: 'Traced.fail', status: { code: api.SpanStatusCode.ERROR, message: 'no' } },
    ])
  })

  test('without a tracer provider makes no spans', () => {
    unregisterSpans()
    const tracing = openTelemetry(api)

    expect(tracing.active()).toBeUndefined()
    expect(tracing.handle(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, 'name', () => 'handled')).toBe('handled')
  })
})
