import { MeterProvider, MetricReader, type DataPoint } from '@opentelemetry/sdk-metrics'
import { startSystem } from '@zera/actors'
import { expect, test } from 'vitest'
import partner from '../fixtures/partner.js'
import { meterSystem } from './meter-system.js'

/** A reader that collects when a test wants it to. */
class OnDemand extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}

  /** The points of one metric: their attributes in one text, and their values. */
  async points(name: string): Promise<Readonly<Record<string, unknown>>> {
    const { resourceMetrics, errors } = await this.collect()
    expect(errors).toEqual([])
    const metric = resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .find(({ descriptor }) => descriptor.name === name)
    const points = (metric?.dataPoints ?? []) as readonly DataPoint<number>[]
    return Object.fromEntries(points.map(({ attributes, value }) => [Object.values(attributes).join(' '), value]))
  }
}

test('meterSystem() gives OpenTelemetry what a system does, until that stops', async () => {
  const reader = new OnDemand()
  const provider = new MeterProvider({ readers: [reader] })
  const system = await startSystem({ threads: 1, handleSignals: false, log: false })
  meterSystem(system, provider.getMeter('zera'))
  const pool = await system.startPool(partner, { name: 'partners', size: 2 })
  for (let n = 0; n < 10; n++) await pool.ask.name()
  await pool.ask.fail().catch(() => undefined)

  const [consumed, workers, duration, utilization] = [
    await reader.points('messaging.client.consumed.messages'),
    await reader.points('zera.pool.workers'),
    await reader.points('zera.ask.duration'),
    await reader.points('nodejs.eventloop.utilization'),
  ]
  await system.stop()
  // It is asked no more, which would fail.
  await reader.points('zera.pool.workers')
  await provider.shutdown()

  expect(consumed).toMatchObject({ 'zera Partner name': 10, 'zera Partner fail _OTHER': 1 })
  expect(workers).toEqual({ partners: 2 })
  expect(duration['zera Partner name 0.99']).toBeGreaterThan(0)
  expect(Object.keys(utilization)).toEqual(['main', 'host 1'])
})
