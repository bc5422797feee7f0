import { timeOf } from '../model/format.js'
import type { SystemState } from '../model/state.js'

/** What has happened in the last hour, the last first. */
export function History({ state }: { state: SystemState }) {
  return (
    <section>
      <h2>The last hour</h2>
      {state.history.length === 0 && <p class="quiet">Nothing has happened.</p>}
      <ul class="plain">
        {state.history.toReversed().map((happening, at) => (
          <li key={`${happening.atMs} ${state.history.length - at}`}>
            <span class="quiet">{timeOf(happening.atMs)}</span> {happening.text}
            {happening.error !== undefined && (
              <details>
                <summary>
                  {happening.error.name}: {happening.error.message}
                </summary>
                <pre>{happening.error.stack}</pre>
              </details>
            )}
            {happening.blackBox !== undefined && happening.blackBox.length > 0 && (
              <details>
                <summary>Its black box: the last {happening.blackBox.length} starts and ends of handlers</summary>
                <pre>
                  {happening.blackBox
                    .map(({ atMs, what, text }) => `${timeOf(atMs)} ${what.padEnd(5)} ${text}`)
                    .join('\n')}
                </pre>
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
