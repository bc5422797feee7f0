import { useState } from 'preact/hooks'
import { amount, duration } from '../model/format.js'
import type { MethodState, MethodWindow, SystemState } from '../model/state.js'

const COLUMNS: readonly (readonly [
  name: string,
  of: (window: MethodWindow) => number,
  show: (value: number) => string,
])[] = [
  ['a second', ({ rate }) => rate, amount],
  ['load', ({ load }) => load, value => `${(value * 100).toFixed(1)} %`],
  ['run p50', ({ run }) => run.p50, duration],
  ['run p99', ({ run }) => run.p99, duration],
  ['run max', ({ run }) => run.max, duration],
  ['wait p50', ({ wait }) => wait.p50, duration],
  ['wait p99', ({ wait }) => wait.p99, duration],
  ['ask p99', ({ ask }) => ask.p99, duration],
  ['threw', ({ failed }) => failed, amount],
]

/** Methods by what they take. */
export function Top({ state }: { state: SystemState }) {
  const [isLong, setLong] = useState(false)
  const [sorted, setSorted] = useState(1)
  const windowOf = (method: MethodState): MethodWindow => (isLong ? method.long : method.short)
  const by = (COLUMNS[sorted] ?? COLUMNS[0])![1]
  const rows = state.methods.toSorted((a, b) => by(windowOf(b)) - by(windowOf(a)))
  return (
    <section>
      <p>
        <button type="button" aria-pressed={!isLong} onClick={() => setLong(false)}>
          last {state.windows.short.toFixed(0)} s
        </button>{' '}
        <button type="button" aria-pressed={isLong} onClick={() => setLong(true)}>
          last {duration(state.windows.long * 1000)}
        </button>
      </p>
      <table>
        <caption>Methods</caption>
        <thead>
          <tr>
            <th scope="col">method</th>
            {COLUMNS.map(([name], at) => (
              <th
                key={name}
                scope="col"
                class="number"
                {...(at === sorted ? { 'aria-sort': 'descending' as const } : {})}
              >
                <button type="button" onClick={() => setSorted(at)}>
                  {name}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(method => (
            <tr key={`${method.definition}.${method.method}`}>
              <th scope="row">{method.definition === '' ? 'others' : `${method.definition}.${method.method}()`}</th>
              {COLUMNS.map(([name, of, show]) => (
                <td key={name} class="number">
                  {show(of(windowOf(method)))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
