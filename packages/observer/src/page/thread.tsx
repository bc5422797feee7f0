import { duration } from '../model/format.js'
import type { SystemState } from '../model/state.js'
import { Act } from './act.js'
import { Recorder } from './recorder.js'

/** One thread: what runs there, what waits, and where its time goes. */
export function Thread({ state, host }: { state: SystemState; host: number }) {
  const thread = state.threads.find(one => one.host === host)
  if (thread === undefined) return <section>There is no such thread any more.</section>
  return (
    <>
      <section>
        <h2>{thread.name}</h2>
        <p>
          {thread.running === undefined
            ? 'No handler has the thread.'
            : `${thread.running.method}() of ${thread.running.title} has it for ${duration(Math.max(0, state.atMs - thread.running.sinceMs))}.`}{' '}
          {thread.waiting.length > 0 &&
            `These wait: ${thread.waiting.map(({ method, title, sinceMs }) => `${method}() of ${title} for ${duration(state.atMs - sinceMs)}`).join(', ')}.`}
        </p>
        {host !== 0 && (
          <Act
            state={state}
            act={{ act: 'kill', host }}
            label="Kill"
            question={`Kill ${thread.name}? Its actors are restarted on another thread.`}
          />
        )}
      </section>
      <Recorder host={host} name={thread.name} />
    </>
  )
}
