import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api'
import type { System } from '@zera/actors'
import type { ChildSnapshot } from '@zera/actors/internal'

/** Milliseconds that threads may take to answer: a scrape waits for it. */
const ANSWER_MS = 200

/**
 * Gives what a system does to OpenTelemetry, whenever its reader collects. The names are those of OpenTelemetry's
 * conventions for messaging and Node.js where there are any, and `zera.…` for all else. No attribute is an actor.
 *
 * OpenTelemetry takes no histograms that others have made, so how long handlers, waits and asks take comes as gauges of
 * their medians and 99th percentiles, with the attribute `quantile`, since the start of the system.
 *
 * It runs in the main thread, and gives nothing while that is blocked; `/metrics` of an observer does.
 *
 * @param meter That of your provider: `metrics.getMeter('zera')`.
 * @returns A function that ends it. The end of the system does so too.
 */
export function meterSystem(system: System, meter: Meter): () => void {
  const instruments = instrumentsOf(meter)
  const all = Object.values(instruments)
  const observe = (result: BatchObservableResult): Promise<void> => observeSystem(system, result, instruments)
  meter.addBatchObservableCallback(observe, all)
  const end = (): void => meter.removeBatchObservableCallback(observe, all)
  system.events.on('stopping', end)
  return end
}

type Instruments = ReturnType<typeof instrumentsOf>

function instrumentsOf(meter: Meter) {
  return {
    consumed: meter.createObservableCounter('messaging.client.consumed.messages', {
      unit: '{message}',
      description: 'Messages that were handled.',
    }),
    run: secondsOf(meter, 'zera.handler.duration', 'How long handlers take, to the end of what they await.'),
    wait: secondsOf(meter, 'zera.mailbox.wait', 'How long messages wait in their mailboxes.'),
    ask: secondsOf(meter, 'zera.ask.duration', 'How long asks take their askers.'),
    waiting: meter.createObservableGauge('zera.mailbox.messages', {
      unit: '{message}',
      description: 'Messages that wait in mailboxes.',
    }),
    restarts: meter.createObservableCounter('zera.restarts', { description: 'Restarts of actors and services.' }),
    deadLetters: meter.createObservableCounter('zera.dead_letters', { description: 'Messages that no actor handled.' }),
    lost: meter.createObservableCounter('zera.messages.lost', {
      description: 'Messages that died with their threads.',
    }),
    workers: meter.createObservableGauge('zera.pool.workers', { description: 'Workers of a pool.' }),
    utilization: meter.createObservableGauge('nodejs.eventloop.utilization', {
      description: 'The share of the time in which the event loop is busy.',
    }),
    heap: meter.createObservableGauge('v8js.memory.heap.used', {
      unit: 'By',
      description: 'Bytes of the heap that are in use.',
    }),
  }
}

function secondsOf(meter: Meter, name: string, description: string): Observable {
  return meter.createObservableGauge(name, { unit: 's', description })
}

async function observeSystem(system: System, result: BatchObservableResult, instruments: Instruments): Promise<void> {
  const [{ hosts, tree, pools, restarts, deadLetters, messagesLost }, times] = await Promise.all([
    system.snapshot({ timeoutMs: ANSWER_MS }),
    system.times({ timeoutMs: ANSWER_MS }),
  ])
  for (const { definition, method, handled, failed, run, wait, ask } of times) {
    const about = {
      'messaging.system': 'zera',
      'messaging.destination.template': definition,
      'messaging.operation.name': method,
    }
    result.observe(instruments.consumed, handled - failed, about)
    result.observe(instruments.consumed, failed, { ...about, 'error.type': '_OTHER' })
    for (const [instrument, { count, p50Ms, p99Ms }] of [
      [instruments.run, run],
      [instruments.wait, wait],
      [instruments.ask, ask],
    ] as const) {
      if (count === 0) continue
      result.observe(instrument, p50Ms / 1000, { ...about, quantile: 0.5 })
      result.observe(instrument, p99Ms / 1000, { ...about, quantile: 0.99 })
    }
  }
  for (const [definition, waiting] of waitingByDefinition(tree))
    result.observe(instruments.waiting, waiting, { 'messaging.destination.template': definition })
  for (const [pool, workers] of sumsOf(pools.map(({ name, workers: each }) => [name || 'unnamed', each.length])))
    result.observe(instruments.workers, workers, { pool })
  for (const { number, isRunning, utilization, heapBytes } of hosts) {
    if (!isRunning) continue
    const thread = { 'thread.name': number === 0 ? 'main' : `host ${number}` }
    result.observe(instruments.utilization, utilization, thread)
    result.observe(instruments.heap, heapBytes, thread)
  }
  result.observe(instruments.restarts, restarts)
  result.observe(instruments.deadLetters, deadLetters)
  result.observe(instruments.lost, messagesLost)
}

/** Messages that wait, by definition: actors come and go. */
function waitingByDefinition(tree: readonly ChildSnapshot[]): ReadonlyMap<string, number> {
  return sumsOf(actorsIn(tree).map(({ definition, mailbox, waiting }) => [definition, mailbox?.waiting ?? waiting]))
}

function actorsIn(tree: readonly ChildSnapshot[]): readonly NonNullable<ChildSnapshot['actor']>[] {
  return tree.flatMap(({ actor, children }) => [...(actor === undefined ? [] : [actor]), ...actorsIn(children)])
}

function sumsOf(pairs: readonly (readonly [key: string, value: number])[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const [key, value] of pairs) sums.set(key, (sums.get(key) ?? 0) + value)
  return sums
}
