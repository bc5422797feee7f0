// A program in CommonJS that uses modules in CommonJS wherever Zera imports one. It prints what each of them answers, as JSON.
import url = require('node:url')
import actors = require('@zera/actors')
import testing = require('@zera/actors/testing')
import core = require('@zera/core')
import devices = require('@zera/devices')

type Adds = actors.ActorDefinition<{ add(by: number): number }>
const { default: Counter } = require('./counter.cjs') as { default: Adds }
const { hidden: Hidden } = require('./hidden.cjs') as { hidden: Adds }
const { default: square } = require('./square.cjs') as { default: actors.Job<[number], number> }
const FUNCTION = url.pathToFileURL(require.resolve('./function.cjs'))
const PLACEMENTS = ['main', 'shared', 'own-thread', 'own-process'] as const

async function onThreads(): Promise<readonly number[]> {
  const system = await actors.startSystem({ threads: 1, container: FUNCTION, log: { sink: FUNCTION } })
  const refs = await Promise.all(
    PLACEMENTS.flatMap(placement => [system.spawn(Counter, { placement }), system.spawn(Hidden, { placement })]),
  )
  const answers = await Promise.all(refs.map(ref => ref.ask.add(2)))
  const squared = await system.compute(square, [7])
  await system.stop()
  return [...answers, squared]
}

async function inSimulation(): Promise<readonly number[]> {
  const answers: number[] = []
  await testing.simulate({ seeds: 1, threads: 1 }, async ({ system }) => {
    const counter = await system.spawn(Counter)
    answers.push(await counter.ask.add(2))
  })
  return answers
}

async function asServices(): Promise<readonly string[]> {
  const started = [await core.startThread(FUNCTION), await core.startDetached(FUNCTION)]
  for (const service of started) await service.stop()
  const server = await devices.startServer(FUNCTION, { frontend: 'tcp://127.0.0.1:*', threads: 1 })
  const client = await core.openSocket('REQ', { linger: 0 })
  await client.connect(server.endpoints.frontend[0])
  await client.send('as it came')
  const reply = await client.receive()
  await client.close()
  await server.stop()
  return reply.map(String)
}

void Promise.all([onThreads(), inSimulation(), asServices()]).then(all => console.log(JSON.stringify(all.flat())))
