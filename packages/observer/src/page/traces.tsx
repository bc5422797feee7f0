import type { TracedMessage } from '@zera/actors/internal'
import { useEffect, useState } from 'preact/hooks'
import { duration, timeOf } from '../model/format.js'
import type { SystemState } from '../model/state.js'
import { ActorLink } from './actor-link.js'
import { load } from './live.js'

/** Traces that are listed. */
const MOST = 50

/** What became of one thing, as messages with the same traceparent tell, over all threads. */
export function Traces({ state }: { state: SystemState }) {
  const [messages, setMessages] = useState<readonly TracedMessage[]>([])
  const [problem, setProblem] = useState<string>()
  const [chosen, setChosen] = useState<string>()
  useEffect(() => {
    load<readonly TracedMessage[]>('/api/traces').then(
      seen => {
        setMessages(seen)
        setProblem(undefined)
      },
      (error: unknown) => setProblem((error as Error).message),
    )
  }, [state.atMs])
  const traces = tracesIn(messages).slice(0, MOST)
  const shown = traces.find(({ trace }) => trace === chosen) ?? traces[0]
  return (
    <>
      <section>
        <h2>Traces</h2>
        {problem !== undefined && <p class="problem">{problem}</p>}
        {traces.length === 0 && (
          <p class="quiet">
            No message came with a traceparent: send with withTraceparent(), or register OpenTelemetry.
          </p>
        )}
        <ul class="plain">
          {traces.map(({ trace, first, spanMs, messages: { length } }) => (
            <li key={trace}>
              <button type="button" aria-pressed={trace === shown?.trace} onClick={() => setChosen(trace)}>
                {first.definition}.{first.method}()
              </button>{' '}
              <span class="quiet">
                {timeOf(first.beganAtMs)}, {length} messages in {duration(spanMs)}
              </span>
            </li>
          ))}
        </ul>
      </section>
      {shown !== undefined && <Waterfall trace={shown} state={state} />}
    </>
  )
}

/** The messages of one trace. */
interface Trace {
  readonly trace: string
  readonly first: TracedMessage
  readonly spanMs: number
  /** In the order in which they began. */
  readonly messages: readonly TracedMessage[]
}

function Waterfall({ trace: { trace, first, spanMs, messages }, state }: { trace: Trace; state: SystemState }) {
  const nameOf = (host: number): string => state.threads.find(one => one.host === host)?.name ?? `thread ${host}`
  const shareOf = (ms: number): string => `${spanMs === 0 ? 0 : (100 * ms) / spanMs}%`
  return (
    <section>
      <table class="waterfall">
        <caption>{trace}</caption>
        <thead>
          <tr>
            <th scope="col">message</th>
            <th scope="col">thread</th>
            <th scope="col" class="number">
              took
            </th>
            <th scope="col">when</th>
          </tr>
        </thead>
        <tbody>
          {messages.map((message, at) => {
            const { actor, definition, method, host, beganAtMs, endedAtMs, hasThrown } = message
            const tookMs = (endedAtMs ?? state.atMs) - beganAtMs
            return (
              <tr key={at}>
                <th scope="row">
                  <ActorLink id={actor} title={`${definition} #${actor}`} /> {method}()
                </th>
                <td>{nameOf(host)}</td>
                <td class="number">
                  {endedAtMs === undefined ? 'still running' : duration(tookMs)}
                  {hasThrown && <strong class="problem"> threw</strong>}
                </td>
                <td>
                  <div class="lane">
                    <i
                      class={hasThrown ? 'bad' : ''}
                      style={{ marginLeft: shareOf(beganAtMs - first.beganAtMs), width: shareOf(Math.max(0, tookMs)) }}
                    />
                  </div>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

/** All traces, the latest first. */
function tracesIn(messages: readonly TracedMessage[]): Trace[] {
  const byTrace = new Map<string, TracedMessage[]>()
  for (const message of messages) byTrace.set(message.trace, [...(byTrace.get(message.trace) ?? []), message])
  return Array.from(byTrace, ([trace, all]) => {
    const ordered = all.toSorted((a, b) => a.beganAtMs - b.beganAtMs)
    const first = ordered[0] as TracedMessage
    const end = Math.max(...ordered.map(({ beganAtMs, endedAtMs = beganAtMs }) => endedAtMs))
    return { trace, first, spanMs: end - first.beganAtMs, messages: ordered }
  }).toSorted((a, b) => b.first.beganAtMs - a.first.beganAtMs)
}
