import { startSystem, type ActorRef } from '@zera/actors'
import Measurer from '../actors/measurer.js'
import Tallier, { type Tallier as TallierActor } from '../actors/tallier.js'
import type { Bench, Contender, Figures } from '../bench.js'
import { expectDelivery } from '../runs/delivery-error.js'
import { rateOf, type Work } from '../runs/rate.js'

const KIB = 1024
const NANOSECONDS = 1e9

/** What grows in proportion costs each message the same; a little more is for caches. */
const PROPORTIONAL = [{ of: 'ratio', limit: 1.25 }] as const

/** More and more threads to talk to. */
export const growthHosts: Bench = {
  name: 'growth-hosts',
  title: 'Actors on more and more threads, one on each, all told and asked from one; nanoseconds for each message',
  figures: ['tell', 'ask'].map(name => ({ name, unit: 'ns', better: 'less', targets: PROPORTIONAL })),
  baselines: ['zera, 1 host'],
  findings: 'Eight threads and the one that asks share two cores.',
  contenders: [1, 2, 4, 8].map(hosts => messagesTo(`zera, ${hosts} ${hosts === 1 ? 'host' : 'hosts'}`, hosts, hosts)),
}

/** More and more actors on one thread to talk to. */
export const growthActors: Bench = {
  name: 'growth-actors',
  title: 'More and more actors on one other thread, told and asked in turn; nanoseconds for each message',
  figures: ['tell', 'ask'].map(name => ({ name, unit: 'ns', better: 'less', targets: PROPORTIONAL })),
  baselines: ['zera, 1 actor'],
  findings:
    'Messages go to one actor after the other, so each finds its actor where the last 10,000 messages have left it: 25 MB of actors are not in the caches. To ask 10,000 in turn costs more for the same reason, and no more than that.',
  contenders: [1, 10, 100, 1000, 10_000].map(actors =>
    messagesTo(`zera, ${actors.toLocaleString('en')} ${actors === 1 ? 'actor' : 'actors'}`, 1, actors),
  ),
}

const TEXTS = { ASCII: 'x', Cyrillic: 'ы', binary: undefined }

/** Larger and larger payloads. */
export const growthPayload: Bench = {
  name: 'growth-payload',
  title: 'Larger and larger payloads to another thread; nanoseconds for each byte, or character',
  figures: Object.keys(TEXTS).map(name => ({ name, unit: 'ns', better: 'less', targets: PROPORTIONAL })),
  baselines: ['zera, 16 B'],
  contenders: [
    { name: '16 B', size: 16 },
    { name: '1 KiB', size: KIB },
    { name: '32 KiB', size: 32 * KIB },
    { name: '1 MiB', size: KIB * KIB },
  ].map(({ name, size }) => payloadsOf(`zera, ${name}`, size)),
}

/** Tells actors in turn, and asks them, so many at a time that all threads have work. */
function messagesTo(system: string, threads: number, actors: number): Contender {
  return {
    system,
    isOurs: true,
    start: async effort => {
      const running = await startSystem({ threads })
      const refs = await Promise.all(Array.from({ length: actors }, () => running.spawn(Tallier)))
      const tell = nanosecondsOf(messages => tellInTurn(refs, messages), effort)
      const ask = nanosecondsOf(messages => askInTurn(refs, messages), effort)
      return {
        round: async (): Promise<Figures> => ({ tell: await tell(), ask: await ask() }),
        [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
      }
    },
  }
}

async function tellInTurn(refs: readonly ActorRef<TallierActor>[], messages: number): Promise<void> {
  for (let id = 0; id < messages; id++) {
    const ref = refs[id % refs.length] as ActorRef<TallierActor>
    if (!ref.tell.take({ id, v: 'hello' })) await ref.ready()
  }
  const tallies = await Promise.all(refs.slice(0, messages).map(ref => ref.ask({ timeoutMs: Infinity }).tally()))
  expectDelivery(messages, {
    count: tallies.reduce((sum, { count }) => sum + count, 0),
    sum: tallies.reduce((total, { sum }) => total + sum, 0),
  })
}

const ASKED_AT_A_TIME = 1024

async function askInTurn(refs: readonly ActorRef<TallierActor>[], messages: number): Promise<void> {
  let next = 0
  const askers = Array.from({ length: Math.min(ASKED_AT_A_TIME, messages) }, async () => {
    for (let id = next++; id < messages; id = next++)
      await (refs[id % refs.length] as ActorRef<TallierActor>).ask({ timeoutMs: Infinity }).tally()
  })
  await Promise.all(askers)
}

function payloadsOf(system: string, size: number): Contender {
  return {
    system,
    isOurs: true,
    start: async effort => {
      const running = await startSystem({ threads: 1 })
      const measurer = await running.spawn(Measurer)
      const figures = Object.entries(TEXTS).map(([name, character]) => {
        const payload = character === undefined ? new Uint8Array(size).fill(7) : character.repeat(size)
        const send: Work = async messages => {
          for (let sent = 0; sent < messages; sent++) if (!measurer.tell.take(payload)) await measurer.ready()
          const taken = await measurer.ask({ timeoutMs: Infinity }).taken()
          if (taken !== messages * size)
            throw new RangeError(`Cannot measure ${name}: ${taken} of ${messages * size} arrived`)
        }
        return [name, nanosecondsOf(send, effort)] as const
      })
      return {
        round: async (): Promise<Figures> => {
          const measured: Record<string, number> = {}
          for (const [name, measure] of figures) measured[name] = (await measure()) / size
          return measured
        },
        [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
      }
    },
  }
}

function nanosecondsOf(work: Work, effort: Parameters<typeof rateOf>[1]): () => Promise<number> {
  const rate = rateOf(work, effort)
  return async () => NANOSECONDS / (await rate())
}
