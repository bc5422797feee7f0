import comedy from 'comedy'
import type { Tally } from '../runs/delivery-error.js'
import type { Asking, OneWay, SmallMessage } from './peer.js'

/** Sends under way at once: each send is a promise. */
const UNDER_WAY = 1024

/** What it starts in a thread it sends there as source text, so nothing outside of the class is used in it. */
class ComedyActor {
  count = 0
  sum = 0
  expected = 0
  done: () => void = () => undefined

  take({ id }: SmallMessage): void {
    this.count += 1
    this.sum += id
    if (this.count === this.expected) this.done()
  }

  // What is asked overtakes what was sent, so the answer waits.
  async tally(expected: number): Promise<Tally> {
    this.expected = expected
    if (this.count < expected) await new Promise<void>(resolve => (this.done = resolve))
    const tally = { count: this.count, sum: this.sum }
    this.count = this.sum = this.expected = 0
    return tally
  }

  echo(number: number): number {
    return number
  }
}

/** Messages to an actor on another thread. */
export async function comedyOneWay(): Promise<OneWay> {
  const { actor, end } = await startActor()
  return {
    send: async messages => {
      for (let id = 0; id < messages;) {
        const sends: Promise<void>[] = []
        for (const until = Math.min(messages, id + UNDER_WAY); id < until; id++)
          sends.push(actor.send('take', { id, v: 'hello' }))
        await Promise.all(sends)
      }
      return (await actor.sendAndReceive('tally', messages)) as Tally
    },
    [Symbol.asyncDispose]: end,
  }
}

/** An actor on another thread is asked. */
export async function comedyAsking(): Promise<Asking> {
  const { actor, end } = await startActor()
  return { echo: number => actor.sendAndReceive('echo', number) as Promise<number>, [Symbol.asyncDispose]: end }
}

async function startActor(): Promise<{ actor: comedy.ActorRef; end: () => Promise<void> }> {
  // Its test mode is silence, and no configuration files.
  const system = comedy.createSystem({ test: true })
  const root = await system.rootActor()
  const actor = await root.createChild(ComedyActor, { mode: 'threaded' })
  return { actor, end: () => system.destroy() }
}
