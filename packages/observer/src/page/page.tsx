import { render } from 'preact'
import { useState } from 'preact/hooks'
import { Actors } from './actors.js'
import { duration } from './format.js'
import { History } from './history.js'
import { useLive } from './live.js'
import { Overview } from './overview.js'
import { Thread } from './thread.js'
import { Top } from './top.js'

const SCREENS = ['overview', 'actors', 'top', 'history'] as const
type Screen = (typeof SCREENS)[number] | 'thread'

function Page() {
  const { state, isConnected } = useLive()
  const [screen, setScreen] = useState<Screen>('overview')
  const [host, setHost] = useState(0)
  if (state === undefined) return <main>Waiting for the system …</main>
  const open = (thread: number): void => {
    setHost(thread)
    setScreen('thread')
  }
  return (
    <>
      <header>
        <h1>{state.name}</h1>
        <span class="quiet">
          process {state.pid}, Node {state.node}, up for {duration(state.atMs - state.startedAtMs)}
        </span>
        {!isConnected && (
          <strong class="problem" role="status">
            not connected: this is how it was
          </strong>
        )}
        <nav aria-label="Screens">
          {SCREENS.map(name => (
            <button
              key={name}
              type="button"
              {...(name === screen ? { 'aria-current': 'page' as const } : {})}
              onClick={() => setScreen(name)}
            >
              {name}
            </button>
          ))}
        </nav>
      </header>
      <main>
        {screen === 'overview' && <Overview state={state} open={open} />}
        {screen === 'actors' && <Actors state={state} />}
        {screen === 'top' && <Top state={state} />}
        {screen === 'history' && <History state={state} />}
        {screen === 'thread' && <Thread key={host} state={state} host={host} />}
      </main>
    </>
  )
}

render(<Page />, document.body)
