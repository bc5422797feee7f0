import { timeOf } from '../model/format.js'
import type { SystemState } from '../model/state.js'
import { Act } from './act.js'

/** The last messages that no actor handled, the last first. */
export function Letters({ state }: { state: SystemState }) {
  return (
    <section>
      <h2>Dead letters</h2>
      {state.letters.length === 0 && <p class="quiet">Each message has been handled.</p>}
      <ul class="plain">
        {state.letters.toReversed().map(letter => (
          <li key={letter.number}>
            <span class="quiet">{timeOf(letter.atMs)}</span> {letter.method}({letter.args ?? '…'}) of {letter.target}{' '}
            <strong class="warning">{letter.reason}</strong>{' '}
            {letter.error !== undefined && <span class="quiet">{letter.error} </span>}
            <Act state={state} act={{ act: 'replay', letter: letter.number }} label="Send again" />
          </li>
        ))}
      </ul>
    </section>
  )
}
