import { duration } from '../model/format.js'
import type { SystemState, WaitState } from '../model/state.js'
import { ActorLink } from './actor-link.js'

/** Who waits for whom, and who waits for each other. */
export function Waits({ state }: { state: SystemState }) {
  return (
    <>
      {state.deadlocks.length > 0 && (
        <section>
          <h2 class="problem">These wait for each other</h2>
          <ul class="plain">
            {state.deadlocks.map(circle => (
              <li key={circle.map(({ id }) => id).join(' ')}>
                {circle.map(actor => (
                  <span key={actor.id}>
                    <ActorLink {...actor} /> →{' '}
                  </span>
                ))}
                {circle[0] !== undefined && <ActorLink {...circle[0]} />}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <WaitTable waits={state.waits} atMs={state.atMs} caption="Who waits for whom" />
        {state.waits.length === 0 && <p class="quiet">No handler waits for an actor.</p>}
      </section>
    </>
  )
}

/** Handlers that wait, the longest first. */
export function WaitTable({ waits, atMs, caption }: { waits: readonly WaitState[]; atMs: number; caption: string }) {
  if (waits.length === 0) return null
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">who</th>
          <th scope="col">waits for</th>
          <th scope="col" class="number">
            handling since
          </th>
        </tr>
      </thead>
      <tbody>
        {waits
          .toSorted((a, b) => a.sinceMs - b.sinceMs)
          .map(({ from, to, method, sinceMs }, at) => (
            <tr key={`${from.id} ${to.id} ${method} ${at}`}>
              <th scope="row">
                <ActorLink {...from} />
              </th>
              <td>
                {method}() of <ActorLink {...to} />
              </td>
              <td class="number">{duration(Math.max(0, atMs - sinceMs))}</td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}
