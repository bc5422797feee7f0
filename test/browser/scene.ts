import { startSystem, withTraceparent, type ActorRef, type System } from '@zera/actors'
import clerk, { type Clerk } from './cast.js'

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

/** All of them fail on purpose. */
const PATIENT = { maxRestarts: 1000 }

/** A shop in which something of everything has happened, that can be acted on. */
export interface Scene extends AsyncDisposable {
  readonly system: System
  readonly url: string
  readonly clerk: ActorRef<Clerk>
}

/** Opens the shop. */
export async function openScene(): Promise<Scene> {
  const system = await startSystem({
    name: 'shop',
    threads: 2,
    observer: { control: true, payloads: true },
    handleSignals: false,
    log: false,
    stopTimeoutMs: 2000,
  })
  const till = await system.startPool(clerk, { name: 'tills', size: { min: 2, max: 4 } })
  const one = await system.spawn(clerk, { name: 'Ann', ...PATIENT })
  const other = await system.spawn(clerk, { name: 'Bob', ...PATIENT })
  const third = await system.spawn(clerk, { name: 'Cleo', placement: 'own-thread', ...PATIENT })
  for (let n = 0; n < 50; n++) await Promise.all([till.ask.sell(n), third.ask.sell(n)])
  await one.ask.fail('the drawer is stuck').catch(() => undefined)
  third.tell.fail('no change left')
  await third.ask.sell(1)
  await system.killHost(third)
  await third.ask.sell(1)
  await withTraceparent(TRACEPARENT, () => one.ask.relay(third, other))
  one.tell.greet(other, one)
  return {
    system,
    url: (await system.observe()).url,
    clerk: third,
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  }
}
