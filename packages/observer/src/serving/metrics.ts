import { endOfBucket, type DurableSnapshot, type Histogram } from '@zera/actors/internal'
import type { SystemState, TreeState } from '../model/state.js'

/** A line's name and labels, and its number. */
type Sample = readonly [labels: Readonly<Record<string, string | number>>, value: number]

/**
 * The upper bounds of the buckets that Prometheus gets, as buckets of ours: each fourth doubling of 8 µs, up to 9 s.
 * They are bounds of ours, so that no message is on the wrong side of one.
 */
const BOUNDS = Array.from({ length: 11 }, (_, at) => 19 + 8 * at)

/** The state of a system in the text format of Prometheus. No label has an unbounded number of values. */
export function metricsOf({ threads, methods, counters, pools, links, ledger, tree }: SystemState): string {
  const byMethod = methods.map(({ definition, method, total }) => ({ labels: { definition, method }, total }))
  const byThread = threads.map(thread => ({ labels: { thread: thread.name }, thread }))
  const states = ['well', 'blocked', 'down', 'elsewhere'] as const
  return [
    family(
      'zera_messages_handled_total',
      'counter',
      'Messages that were handled.',
      byMethod.flatMap(({ labels, total }): Sample[] => [
        [{ ...labels, outcome: 'returned' }, total.handled - total.failed],
        [{ ...labels, outcome: 'threw' }, total.failed],
      ]),
    ),
    histogram(
      'zera_handler_duration_seconds',
      'How long handlers took, to the end of what they awaited.',
      byMethod.map(({ labels, total }) => [labels, total.run]),
    ),
    histogram(
      'zera_mailbox_wait_seconds',
      'How long messages waited in their mailboxes.',
      byMethod.map(({ labels, total }) => [labels, total.wait]),
    ),
    histogram(
      'zera_ask_duration_seconds',
      'How long asks took their askers.',
      byMethod.map(({ labels, total }) => [labels, total.ask]),
    ),
    family(
      'zera_mailbox_messages',
      'gauge',
      'Messages that waited when their actors began their last one.',
      waitingOf(tree),
    ),
    family(
      'zera_restarts_total',
      'counter',
      'Restarts of actors; without a definition those of services and supervisors, and those in vain.',
      counters.restartsOf.map(({ definition, count }) => [{ definition }, count]),
    ),
    family(
      'zera_dead_letters_total',
      'counter',
      'Messages that no actor handled.',
      counters.deadLettersOf.map(({ definition, reason, count }) => [{ reason, definition }, count]),
    ),
    family('zera_messages_lost_total', 'counter', 'Messages that died with their threads.', [
      [{}, counters.messagesLost],
    ]),
    family('zera_link_messages_sent_total', 'counter', 'Messages from one thread of the process to another.', [
      [{}, ledger.sent],
    ]),
    family('zera_link_messages_settled_total', 'counter', 'Those whose outcome is known.', [
      [{ outcome: 'handled' }, ledger.handled],
      [{ outcome: 'given-back' }, ledger.givenBack],
      [{ outcome: 'lost' }, ledger.lost],
    ]),
    family('zera_link_messages_missing', 'gauge', 'Those of which nothing is known: 0, or Zera has a fault.', [
      [{}, ledger.missing],
    ]),
    family('zera_pool_workers', 'gauge', 'Workers of a pool.', poolSamples(pools, 'workers')),
    family(
      'zera_pool_running',
      'gauge',
      'Workers of a pool that are handling a message.',
      poolSamples(pools, 'running'),
    ),
    family(
      'zera_pool_waiting',
      'gauge',
      'Messages that wait in the mailboxes of the workers of a pool.',
      poolSamples(pools, 'waiting'),
    ),
    family(
      'zera_link_credits_used',
      'gauge',
      'Messages that were sent to a thread and that it has not handled yet.',
      byThread.map(({ labels, thread: { host } }) => [
        labels,
        links.filter(({ to }) => to === host).reduce((sum, { messages }) => sum + messages, 0),
      ]),
    ),
    family(
      'zera_link_oldest_seconds',
      'gauge',
      'How long the oldest of them has waited, to one look.',
      byThread.map(({ labels, thread: { host } }) => [
        labels,
        Math.max(0, ...links.filter(({ to }) => to === host).map(({ oldestMs }) => oldestMs)) / 1000,
      ]),
    ),
    ...durableFamilies(tree),
    family(
      'zera_threads',
      'gauge',
      'Threads that host actors, main among them.',
      states.map(state => [{ state }, threads.filter(({ condition }) => condition === state).length]),
    ),
    family(
      'zera_thread_eventloop_utilization',
      'gauge',
      'The share of the time in which the event loop is busy.',
      byThread.map(({ labels, thread }) => [labels, thread.utilization]),
    ),
    family(
      'zera_thread_eventloop_delay_seconds',
      'gauge',
      'How late the event loop turns.',
      byThread.flatMap(({ labels, thread: { delay } }): Sample[] => [
        [{ ...labels, quantile: '0.5' }, delay.p50 / 1000],
        [{ ...labels, quantile: '0.99' }, delay.p99 / 1000],
      ]),
    ),
    family(
      'zera_thread_heap_used_bytes',
      'gauge',
      'Bytes of the heap that are in use.',
      byThread.map(({ labels, thread }) => [labels, thread.heapBytes]),
    ),
    family(
      'zera_thread_cpu_seconds_total',
      'counter',
      'Processor time of the thread.',
      byThread.flatMap(({ labels, thread }): Sample[] =>
        thread.seconds === undefined ? [] : [[labels, thread.seconds]],
      ),
    ),
  ].join('')
}

/** What stores have of durable actors, by their definitions. */
function durableFamilies(tree: readonly TreeState[]): string[] {
  const actors = durableActorsIn(tree)
  const definitions = [...new Set(actors.map(({ definition }) => definition))]
  const samples = (valueOf: (those: readonly DurableSnapshot[]) => number): Sample[] =>
    definitions.map(definition => [
      { definition },
      valueOf(actors.flatMap(actor => (actor.definition === definition ? [actor.durable] : []))),
    ])
  const sumOf = (name: 'commits' | 'unkept' | 'reminders'): Sample[] =>
    samples(those => those.reduce((sum, durable) => sum + durable[name], 0))
  return [
    family(
      'zera_durable_actors',
      'gauge',
      'Durable actors.',
      samples(those => those.length),
    ),
    family(
      'zera_durable_commits_total',
      'counter',
      'Commits of durable actors on their current threads.',
      sumOf('commits'),
    ),
    family(
      'zera_durable_unkept',
      'gauge',
      'Messages that were handled, and of which that is not kept yet.',
      sumOf('unkept'),
    ),
    family('zera_durable_reminders', 'gauge', 'Reminders that are to come.', sumOf('reminders')),
    family(
      'zera_durable_lag_seconds',
      'gauge',
      'How long the oldest commit that is not done is under way.',
      samples(those => Math.max(...those.map(({ lagMs }) => lagMs)) / 1000),
    ),
  ]
}

function durableActorsIn(
  tree: readonly TreeState[],
): { readonly definition: string; readonly durable: DurableSnapshot }[] {
  return tree.flatMap(({ actor, children }) => {
    const here = actor?.durable === undefined ? [] : [{ definition: actor.definition, durable: actor.durable }]
    return [...here, ...durableActorsIn(children)]
  })
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return ''
  return `${headOf(name, type, help)}${samples.map(([labels, value]) => line(name, labels, value)).join('')}`
}

function histogram(
  name: string,
  help: string,
  histograms: readonly (readonly [labels: Sample[0], histogram: Histogram])[],
): string {
  const measured = histograms.filter(([, { count }]) => count > 0)
  if (measured.length === 0) return ''
  const lines = measured.flatMap(([labels, { buckets, count, sumMs }]) => {
    let below = 0
    let next = 0
    const bounds = BOUNDS.map(bound => {
      for (; next <= bound; next++) below += buckets[next] ?? 0
      return line(
        `${name}_bucket`,
        { ...labels, le: String(Number((endOfBucket(bound) / 1000).toPrecision(12))) },
        below,
      )
    })
    return [
      ...bounds,
      line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
      line(`${name}_sum`, labels, sumMs / 1000),
      line(`${name}_count`, labels, count),
    ]
  })
  return `${headOf(name, 'histogram', help)}${lines.join('')}`
}

function headOf(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function line(name: string, labels: Sample[0], value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(String(text))}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

/** Pools by their names, and those without one by what they are made of: pools come and go. */
function poolSamples(pools: SystemState['pools'], of: 'workers' | 'running' | 'waiting'): Sample[] {
  const sums = new Map<string, number>()
  for (const pool of pools) {
    const label = pool.name || pool.definition
    sums.set(label, (sums.get(label) ?? 0) + pool[of])
  }
  return Array.from(sums, ([pool, sum]) => [{ pool }, sum])
}

/** What waits, by definition: actors come and go. */
function waitingOf(tree: SystemState['tree'], sums = new Map<string, number>()): Sample[] {
  for (const { actor, children } of tree) {
    if (actor !== undefined) sums.set(actor.definition, (sums.get(actor.definition) ?? 0) + actor.waiting)
    waitingOf(children, sums)
  }
  return [...sums].map(([definition, waiting]) => [{ definition }, waiting])
}
