// Kills random threads while requests run in AsyncLocalStorage contexts, and sees that none runs in that of another: `npm run stress:contexts -- --seconds 60`.
import { AsyncLocalStorage } from 'node:async_hooks'
import { parseArgs } from 'node:util'
import { startSystem, type ActorRef } from '@zera/actors'
import Visited, { type Visited as VisitedActor } from './visited.js'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, every: { type: 'string', default: '200' } },
})
const [endMs, everyMs] = [performance.now() + 1000 * Number(values.seconds), Number(values.every)]
const ASKERS = 16

const request = new AsyncLocalStorage<string>()
const foreign: string[] = []
let [answered, rejected, downs, number] = [0, 0, 0, 0]

const system = await startSystem({ threads: 3 })
system.events.on('host-down', () => {
  downs += 1
  if (request.getStore() !== undefined) foreign.push(`an event in ${request.getStore()}`)
})
const actors: ActorRef<VisitedActor>[] = await Promise.all(
  Array.from({ length: 9 }, () => system.spawn(Visited, { maxRestarts: Infinity })),
)
const pick = (): ActorRef<VisitedActor> => actors[Math.floor(Math.random() * actors.length)] as ActorRef<VisitedActor>

async function ask(): Promise<void> {
  const own = `request ${++number}`
  await request.run(own, async () => {
    try {
      foreign.push(...(await pick().ask({ timeoutMs: 1000 }).visit(own, pick(), Math.random())))
      answered += 1
    } catch {
      rejected += 1
    }
    if (request.getStore() !== own) foreign.push(`${own} went on in ${request.getStore()}`)
  })
}

async function kill(): Promise<void> {
  while (performance.now() < endMs) {
    await new Promise(resolve => setTimeout(resolve, everyMs))
    await system.killHost(pick()).catch(() => undefined)
  }
}

await Promise.all([
  kill(),
  ...Array.from({ length: ASKERS }, async () => {
    while (performance.now() < endMs) await ask()
  }),
])
await system.stop()
console.log(JSON.stringify({ answered, rejected, downs, foreign: foreign.length, first: foreign.slice(0, 5) }))
process.exitCode = foreign.length === 0 && answered > 0 ? 0 : 1
