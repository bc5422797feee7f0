import { render } from 'preact'
import { duration } from '../model/format.js'
import type { SystemState } from '../model/state.js'
import { Actor } from './actor.js'
import { Actors } from './actors.js'
import { History } from './history.js'
import { Letters } from './letters.js'
import { Links } from './links.js'
import { useLive } from './live.js'
import { Overview } from './overview.js'
import { useRates, type Rates } from './rates.js'
import { hrefOf, SCREENS, usePlace, type Place } from './route.js'
import { Thread } from './thread.js'
import { Top } from './top.js'
import { Traces } from './traces.js'
import { Waits } from './waits.js'

function Page() {
  const { state, isConnected } = useLive()
  const place = usePlace()
  const rates = useRates(state)
  if (state === undefined) return <main>Waiting for the system …</main>
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
          {SCREENS.map(screen => (
            <a
              key={screen}
              href={hrefOf({ screen })}
              {...(screen === place.screen ? { 'aria-current': 'page' as const } : {})}
            >
              {screen}
            </a>
          ))}
        </nav>
      </header>
      <main>
        <Screen state={state} place={place} rates={rates} />
      </main>
    </>
  )
}

function Screen({ state, place, rates }: { state: SystemState; place: Place; rates: Rates }) {
  switch (place.screen) {
    case 'overview':
      return <Overview state={state} rates={rates} />
    case 'actors':
      return <Actors state={state} />
    case 'top':
      return <Top state={state} />
    case 'waits':
      return <Waits state={state} />
    case 'links':
      return <Links state={state} />
    case 'traces':
      return <Traces state={state} />
    case 'letters':
      return <Letters state={state} />
    case 'history':
      return <History state={state} />
    case 'thread':
      return <Thread key={place.host} state={state} host={place.host} />
    case 'actor':
      return <Actor key={place.id} state={state} id={place.id} />
  }
}

render(<Page />, document.body)
