import { amount, bytes, duration } from '../model/format.js'
import type { MessageLedger, SystemState, ThreadState } from '../model/state.js'
import { Pools } from './pools.js'
import { RateChart, type Rates } from './rates.js'
import { hrefOf } from './route.js'

/** What a person looks at first. */
export function Overview({ state, rates }: { state: SystemState; rates: Rates }) {
  const { counters, methods, findings, threads } = state
  const rate = methods.reduce((sum, { short }) => sum + short.rate, 0)
  const figures: readonly (readonly [name: string, value: string, mood?: string | undefined])[] = [
    ['messages a second', amount(Math.round(rate))],
    ['messages handled', amount(counters.handled)],
    ['handlers that threw', amount(counters.failed), counters.failed > 0 ? 'warning' : undefined],
    ['restarts', amount(counters.restarts), counters.restarts > 0 ? 'warning' : undefined],
    ['dead letters', amount(counters.deadLetters), counters.deadLetters > 0 ? 'warning' : undefined],
    ['messages lost', amount(counters.messagesLost), counters.messagesLost > 0 ? 'problem' : undefined],
  ]
  return (
    <>
      <section aria-label="Figures">
        <dl class="figures">
          {figures.map(([name, value, mood]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class={mood}>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section aria-label="Findings">
        <h2>Findings</h2>
        {findings.length === 0 ? (
          <p class="good">Nothing is wrong as far as can be seen.</p>
        ) : (
          <ul class="plain">
            {findings.map(({ severity, text, remedy }) => (
              <li key={text}>
                <strong class={severity}>{text}</strong>
                <div class="quiet">{remedy}</div>
              </li>
            ))}
          </ul>
        )}
      </section>
      <RateChart rates={rates} />
      <Ledger ledger={state.ledger} />
      <Threads threads={threads} atMs={state.atMs} />
      <Pools state={state} />
    </>
  )
}

/** What became of messages between threads: a sum in which nothing may be missing. */
function Ledger({ ledger }: { ledger: MessageLedger }) {
  const parts: readonly (readonly [name: string, messages: number, mood?: string])[] = [
    ['sent', ledger.sent],
    ['handled', ledger.handled],
    ['given back', ledger.givenBack],
    ['lost with a thread', ledger.lost, ledger.lost === 0 ? '' : 'warning'],
    ['under way', ledger.underWay],
    ['missing', ledger.missing, ledger.missing === 0 ? 'good' : 'problem'],
  ]
  return (
    <section tabIndex={0}>
      <table>
        <caption>Messages between threads</caption>
        <thead>
          <tr>
            {parts.map(([name]) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            {parts.map(([name, messages, mood]) => (
              <td key={name} class={`number ${mood ?? ''}`}>
                {amount(messages)}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </section>
  )
}

function Threads({ threads, atMs }: { threads: readonly ThreadState[]; atMs: number }) {
  return (
    <section>
      <table>
        <caption>Threads</caption>
        <thead>
          <tr>
            <th scope="col">thread</th>
            <th scope="col">condition</th>
            <th scope="col">load</th>
            <th scope="col" class="number">
              cores
            </th>
            <th scope="col" class="number">
              heap
            </th>
            <th scope="col" class="number">
              delay p99
            </th>
            <th scope="col">runs</th>
          </tr>
        </thead>
        <tbody>
          {threads.map(thread => (
            <tr key={thread.host}>
              <th scope="row">
                <a href={hrefOf({ screen: 'thread', host: thread.host })}>{thread.name}</a>
              </th>
              <td>{conditionOf(thread, atMs)}</td>
              <td>
                <meter min={0} max={1} high={0.9} value={thread.utilization} aria-label={`load of ${thread.name}`} />
              </td>
              <td class="number">{thread.cores === undefined ? '–' : thread.cores.toFixed(2)}</td>
              <td class="number">{bytes(thread.heapBytes)}</td>
              <td class="number">{duration(thread.delay.p99)}</td>
              <td>
                {thread.running === undefined
                  ? '–'
                  : `${thread.running.method}() of ${thread.running.title}, ${duration(Math.max(0, atMs - thread.running.sinceMs))}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function conditionOf({ condition, blockedSinceMs }: ThreadState, atMs: number) {
  if (condition === 'blocked')
    return <span class="problem">blocked for {duration(atMs - (blockedSinceMs ?? atMs))}</span>
  return <span class={condition === 'down' ? 'problem' : 'good'}>{condition}</span>
}
