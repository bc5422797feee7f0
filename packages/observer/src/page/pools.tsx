import { useState } from 'preact/hooks'
import { amount } from '../model/format.js'
import type { PoolState, SystemState } from '../model/state.js'
import { Act } from './act.js'

/** What pools have to do. */
export function Pools({ state }: { state: SystemState }) {
  if (state.pools.length === 0) return null
  return (
    <section>
      <table>
        <caption>Pools</caption>
        <thead>
          <tr>
            <th scope="col">pool</th>
            <th scope="col" class="number">
              workers
            </th>
            <th scope="col">busy</th>
            <th scope="col" class="number">
              waiting
            </th>
            {state.hasControl && <th scope="col">size</th>}
          </tr>
        </thead>
        <tbody>
          {state.pools.map(pool => (
            <tr key={pool.id}>
              <th scope="row">{pool.title}</th>
              <td class="number">
                {pool.workers}
                <span class="quiet">{pool.min === pool.max ? '' : ` of ${pool.min} to ${pool.max}`}</span>
              </td>
              <td>
                <meter
                  min={0}
                  max={Math.max(1, pool.workers)}
                  value={pool.running}
                  aria-label={`busy workers of ${pool.title}`}
                />{' '}
                {pool.running}
              </td>
              <td class="number">{amount(pool.waiting)}</td>
              {state.hasControl && (
                <td>
                  <Size state={state} pool={pool} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Size({ state, pool }: { state: SystemState; pool: PoolState }) {
  const [min, setMin] = useState(pool.min)
  const [max, setMax] = useState(pool.max)
  return (
    <>
      {(
        [
          ['least', min, setMin],
          ['most', max, setMax],
        ] as const
      ).map(([name, value, set]) => (
        <input
          key={name}
          type="number"
          min={1}
          max={1024}
          value={value}
          aria-label={`${name} workers of ${pool.title}`}
          onInput={event => set(event.currentTarget.valueAsNumber)}
        />
      ))}{' '}
      <Act state={state} act={{ act: 'resize', pool: pool.id, min, max }} label="Resize" />
      <Act
        state={state}
        act={{ act: 'stop-pool', pool: pool.id }}
        label="Stop"
        question={`Stop pool ${pool.title} for good, when it has handled what was sent to it?`}
      />
    </>
  )
}
