import type { Bench, Contender, Figures } from '../bench.js'
import { byHand, zeraKept, type Kept, type KeptEngine } from '../peers/kept.js'
import { expectDelivery } from '../runs/delivery-error.js'
import { rateOf } from '../runs/rate.js'

const IN_FLIGHT = 1024

/** What it costs to have each message on disk, on the store that needs nothing. */
export const durable = durableOn('sqlite', 'SQLite', 25_000)
/** The same on a server. */
export const durablePostgres = durableOn('postgres', 'PostgreSQL', 0)

function durableOn(engine: KeptEngine, database: string, least: number): Bench {
  return {
    name: engine === 'sqlite' ? 'durable' : `durable-${engine}`,
    title: `Messages that are on disk, by fsync, before they are answered, in ${database}`,
    notes: `\`asked\` are questions to one durable actor, ${IN_FLIGHT} in flight, each answered when its state is kept; \`told\` are messages to one with a durable mailbox, until all are handled; \`alone\` is one question after the other, the median time of one. By hand it is a row, and a commit for each message: it groups nothing, so its \`told\` are the same.`,
    figures: [
      {
        name: 'asked',
        unit: 'msg/s',
        better: 'more',
        targets: [{ of: 'ratio', limit: 10 }, ...(least > 0 ? [{ of: 'median', limit: least } as const] : [])],
      },
      { name: 'told', unit: 'msg/s', better: 'more', targets: [{ of: 'ratio', limit: 10 }] },
      { name: 'alone', unit: 'ms', better: 'less', targets: [{ of: 'ratio', limit: 1.3 }] },
    ],
    baselines: [`${database} by hand`],
    findings:
      'A question alone goes through four threads: asker, actor, store, and back. While the disk works, all of them sleep, and on a virtual machine it takes 0.3 to 0.9 ms to wake a core that sleeps, each time; the commit itself takes as long as by hand. A commit by hand blocks the thread that asks, and wakes none.',
    contenders: [
      contender({ system: 'zera', isOurs: true }, () => zeraKept(engine), IN_FLIGHT),
      contender({ system: `${database} by hand` }, () => byHand(engine), 1),
    ],
  }
}

function contender(
  about: Pick<Contender, 'system' | 'isOurs'>,
  open: () => Promise<Kept>,
  inFlight: number,
): Contender {
  return {
    ...about,
    start: async effort => {
      const kept = await open()
      const asked = rateOf(async messages => {
        await askAll(kept, messages, inFlight)
        expectDelivery(messages, await kept.tally())
      }, effort)
      const told = rateOf(async messages => {
        await (kept.send?.(messages) ?? askAll(kept, messages, inFlight))
        expectDelivery(messages, await kept.tally())
      }, effort)
      return {
        round: async (): Promise<Figures> => ({
          asked: await asked(),
          told: await told(),
          alone: await alone(kept, effort.roundMs),
        }),
        [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
      }
    },
  }
}

async function askAll(kept: Kept, messages: number, inFlight: number): Promise<void> {
  let next = 0
  const ask = async (): Promise<void> => {
    while (next < messages) await kept.keep(next++)
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, messages) }, ask))
}

/** The median time of one message at a time, in milliseconds. */
async function alone(kept: Kept, forMs: number): Promise<number> {
  const tookMs: number[] = []
  const endAt = performance.now() + forMs
  while (performance.now() < endAt || tookMs.length === 0) {
    const begunAt = performance.now()
    await kept.keep(tookMs.length)
    tookMs.push(performance.now() - begunAt)
  }
  expectDelivery(tookMs.length, await kept.tally())
  return tookMs.toSorted((one, other) => one - other)[tookMs.length >> 1] as number
}
