import { startSystem } from '@zera/actors'
import { openResources } from '@zera/core'
import { watchPage } from '../../watch-page.js'
import { descriptorsByKind } from './descriptors.js'
import Echo from './echo.js'
import leaver, { LEAVINGS, spinningWord, type Leaving } from './leaver.js'

/** What the process holds after so many cycles. */
export interface Footprint {
  readonly cycles: number
  /** By their kind. */
  readonly descriptors: Readonly<Record<string, number>>
  /** Sockets, threads, asks and whatever else Zera knows to be open. */
  readonly resources: number
  readonly heapMb: number
  readonly rssMb: number
}

/**
 * Every so many cycles a thread is killed, and half-way between them one ends in the turn of its first word to the
 * other.
 */
const KILL_EVERY = 10
const spinning = spinningWord()

/**
 * Starts and stops a system of two threads, with an actor on each that talks to main and to the other; kills a thread
 * on the way on demand.
 */
async function cycle(isKilling: boolean, isObserved: boolean): Promise<void> {
  const system = await startSystem({ threads: 2, handleSignals: false, observer: isObserved })
  const page = isObserved ? await watchPage((await system.observe()).url) : undefined
  const [victim, other] = await Promise.all([
    system.spawn(Echo, { maxRestarts: 3 }),
    system.spawn(Echo, { maxRestarts: 3 }),
  ])
  await victim.ask.echoBy(other, 'hello')
  if (isKilling) {
    const restarted = new Promise<void>(resolve => system.events.on('actor-restarted', () => resolve()))
    await system.killHost(victim)
    await restarted
    await other.ask.echoBy(victim, 'again')
  }
  page?.close()
  const receipt = await system.stop()
  if (!receipt.isClean) throw new Error(`The stop was not clean: ${JSON.stringify(receipt)}`)
}

/** Starts and stops a system of two threads, of which one ends in the turn in which it first talks to the other. */
async function cycleWithLeaver(leaving: Leaving, isObserved: boolean): Promise<void> {
  const system = await startSystem({ threads: 2, handleSignals: false, observer: isObserved })
  const [victim, other] = await Promise.all([system.spawn(leaver, { maxRestarts: 3 }), system.spawn(Echo)])
  const restarted = new Promise<void>(resolve => system.events.on('actor-restarted', () => resolve()))
  const spins = Atomics.load(spinning, 0)
  victim.tell.leave(other, leaving)
  if (leaving === 'spin') {
    while (Atomics.load(spinning, 0) === spins) await new Promise(resolve => setImmediate(resolve))
    await system.killHost(victim)
  }
  await restarted
  await Promise.all([victim.ask.here(), other.ask.echo('still here')])
  const receipt = await system.stop()
  if (!receipt.isClean) throw new Error(`The stop was not clean: ${JSON.stringify(receipt)}`)
}

/** Runs so many cycles and yields what the process holds after every `reportEvery` of them. */
export async function* soak(
  cycles: number,
  reportEvery: number,
  isObserved = false,
): AsyncGenerator<Footprint, void, void> {
  for (let done = 1; done <= cycles; done++) {
    if (done % KILL_EVERY === KILL_EVERY / 2)
      await cycleWithLeaver(LEAVINGS[Math.floor(done / KILL_EVERY) % LEAVINGS.length] as Leaving, isObserved)
    else await cycle(done % KILL_EVERY === 0, isObserved)
    if (done % reportEvery === 0) yield await measure(done)
  }
}

async function measure(cycles: number): Promise<Footprint> {
  // Worker threads that have ended give their memory back in later turns of the event loop.
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc?.()
    await new Promise(resolve => setImmediate(resolve))
  }
  const { heapUsed, rss } = process.memoryUsage()
  return {
    cycles,
    descriptors: descriptorsByKind(),
    resources: openResources().length,
    heapMb: heapUsed / 2 ** 20,
    rssMb: rss / 2 ** 20,
  }
}
