import type { DurableSnapshot } from '@zera/actors/internal'
import { useEffect, useState } from 'preact/hooks'
import { amount, duration, timeOf } from '../model/format.js'
import type { ActorView, MethodState, SystemState } from '../model/state.js'
import { Act } from './act.js'
import { load } from './live.js'
import { Recorder } from './recorder.js'
import { hrefOf } from './route.js'
import { WaitTable } from './waits.js'

/** One actor: what it does, what it waits for, and what it has done last. */
export function Actor({ state, id }: { state: SystemState; id: number }) {
  const [view, setView] = useState<ActorView>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    load<ActorView>(`/api/actor?id=${id}`).then(
      seen => {
        setView(seen)
        setProblem(undefined)
      },
      (error: unknown) => setProblem((error as Error).message),
    )
  }, [id, state.atMs])
  if (view?.node.actor === undefined) return <section>{problem ?? 'Looking …'}</section>
  const { node, methods, entries, waitsFor, awaitedBy } = view
  const { name, definition, host, handled, waiting, doing } = view.node.actor
  const title = name || `${definition} #${id}`
  const thread = state.threads.find(one => one.host === host)?.name ?? `thread ${host}`
  return (
    <>
      <section>
        <h2>{title}</h2>
        {problem !== undefined && <p class="problem">{problem}</p>}
        <p>
          {definition} on <a href={hrefOf({ screen: 'thread', host })}>{thread}</a>,{' '}
          <span class={node.state === 'running' ? 'good' : 'warning'}>{node.state}</span>, {node.restarts} restarts,{' '}
          {amount(handled)} handled, {amount(waiting)} waiting.{' '}
          {doing === undefined
            ? 'It handles nothing.'
            : `It handles ${doing.method}() for ${duration(Math.max(0, state.atMs - doing.sinceMs))}.`}
        </p>
        <Durable durable={view.node.actor.durable} atMs={state.atMs} />
        <Act state={state} act={{ act: 'restart', actor: id }} label="Restart" question={`Restart ${title}?`} />
        <Act state={state} act={{ act: 'stop', actor: id }} label="Stop" question={`Stop ${title} for good?`} />
      </section>
      {(waitsFor.length > 0 || awaitedBy.length > 0) && (
        <section>
          <WaitTable waits={waitsFor} atMs={state.atMs} caption="What it waits for" />
          <WaitTable waits={awaitedBy} atMs={state.atMs} caption="Who waits for it" />
        </section>
      )}
      {methods.map(method => (
        <Method key={method.method} method={method} />
      ))}
      <Recorder host={host} name={title} within={methods.map(({ method }) => method)} />
      <section tabIndex={0}>
        <h2>Its last messages</h2>
        {entries.length === 0 ? (
          <p class="quiet">Its thread remembers none.</p>
        ) : (
          <pre>{entries.map(({ atMs, what, text }) => `${timeOf(atMs)} ${what.padEnd(5)} ${text}`).join('\n')}</pre>
        )}
      </section>
    </>
  )
}

/** What the store has of it, if it is durable. */
function Durable({ durable, atMs }: { durable: DurableSnapshot | undefined; atMs: number }) {
  const [before, setBefore] = useState<{ readonly commits: number; readonly atMs: number; readonly rate: number }>()
  const commits = durable?.commits
  useEffect(() => {
    if (commits === undefined || before?.atMs === atMs) return
    const passedMs = before === undefined ? 0 : atMs - before.atMs
    const made = before === undefined ? 0 : Math.max(0, commits - before.commits)
    setBefore({ commits, atMs, rate: passedMs > 0 ? (made / passedMs) * 1000 : 0 })
  }, [commits, atMs])
  if (durable === undefined) return null
  const { unkept, lagMs, reminders } = durable
  return (
    <p>
      Durable: {amount(durable.commits)} commits, {amount(Math.round(before?.rate ?? 0))} a second; {amount(unkept)}{' '}
      messages not kept yet{lagMs > 0 && `, the oldest commit for ${duration(lagMs)}`}; {amount(reminders)} reminders to
      come.
    </p>
  )
}

/** How often handlers took how long, since the start of the system. */
function Method({ method: { definition, method, total, short } }: { method: MethodState }) {
  const rows = [
    ['handled', total.run],
    ['waited', total.wait],
    ['asked', total.ask],
  ] as const
  return (
    <section tabIndex={0}>
      <h2>
        {definition}.{method}()
      </h2>
      <p class="quiet">
        {amount(short.rate)} a second; {amount(total.handled)} in all, of which {amount(total.failed)} threw. All{' '}
        {definition} actors together.
      </p>
      {rows.map(([name, { buckets, count, maxMs }]) => (
        <Bars key={name} name={name} buckets={buckets} count={count} maxMs={maxMs} />
      ))}
    </section>
  )
}

/** A histogram: each bar is a doubling of time. */
function Bars({
  name,
  buckets,
  count,
  maxMs,
}: {
  name: string
  buckets: readonly number[]
  count: number
  maxMs: number
}) {
  if (count === 0) return null
  const doublings = doublingsOf(buckets)
  const most = Math.max(...doublings.map(bar => bar.count))
  return (
    <div class="bars" role="img" aria-label={`${name} ${count} times, for ${duration(maxMs)} at most`}>
      <span class="quiet">{name}</span>
      {doublings.map(bar => (
        <span key={bar.text} class="bar" title={`${bar.text}: ${bar.count}`}>
          <i style={{ height: `${Math.ceil((100 * bar.count) / most)}%` }} />
          <small>{bar.text}</small>
        </span>
      ))}
    </div>
  )
}

/** Buckets of a histogram: four to each doubling, of which the first ends at 512 ns. */
function doublingsOf(buckets: readonly number[]): { readonly text: string; readonly count: number }[] {
  const sums: number[] = []
  for (const [at, count] of buckets.entries()) sums[at >> 2] = (sums[at >> 2] ?? 0) + count
  const first = sums.findIndex(count => count > 0)
  const last = sums.findLastIndex(count => count > 0)
  return sums
    .slice(first, last + 1)
    .map((count, at) => ({ text: `≤ ${duration(0.000512 * 2 ** (first + at))}`, count }))
}
