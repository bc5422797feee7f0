import type { ControlAct } from '@zera/actors/internal'
import { useState } from 'preact/hooks'
import type { SystemState } from '../model/state.js'
import { post } from './live.js'

interface ActProps {
  readonly state: SystemState
  readonly act: ControlAct
  readonly label: string
  /** What a person is asked before it is done; nothing when it does no harm. */
  readonly question?: string
}

/** A button that does something to the system; nothing where the page only shows. */
export function Act({ state, act, label, question }: ActProps) {
  const [outcome, setOutcome] = useState<{ readonly text: string; readonly mood: string }>()
  if (!state.hasControl) return null
  const run = (): void => {
    if (question !== undefined && !confirm(question)) return
    setOutcome({ text: '…', mood: 'quiet' })
    post<{ readonly done: string }>('/api/control', act).then(
      ({ done }) => setOutcome({ text: done, mood: 'good' }),
      (error: unknown) => setOutcome({ text: (error as Error).message, mood: 'problem' }),
    )
  }
  return (
    <>
      <button type="button" onClick={run}>
        {label}
      </button>{' '}
      {outcome !== undefined && <output class={outcome.mood}>{outcome.text}</output>}
    </>
  )
}
