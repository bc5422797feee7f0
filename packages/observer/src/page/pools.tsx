import { useState } from 'preact/hooks'
import { amount, duration } from '../model/format.js'
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
            <th scope="col" class="number">
              wait p99
            </th>
            <th scope="col" class="number">
              run p99
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
              <td class="number">{duration(longest(state, pool, 'wait'))}</td>
              <td class="number">{duration(longest(state, pool, 'run'))}</td>
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

/** What 99 of 100 messages for workers of its kind stayed below, by the method that takes longest. */
function longest({ methods }: SystemState, { definition }: PoolState, what: 'wait' | 'run'): number {
  return Math.max(0, ...methods.filter(method => method.definition === definition).map(({ short }) => short[what].p99))
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
        act={{ act: 'drain', pool: pool.id }}
        label="Drain"
        question={`Let pool ${pool.title} handle what was sent to it, take nothing more, and stop for good?`}
      />
    </>
  )
}
