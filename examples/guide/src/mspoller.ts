import assert from 'node:assert/strict'
import { openSocket, Poller, signalSource } from '@zera/core'
import { endpoint, stageOf, type Role } from './stage.js'
import { NEW_YORK } from './weather.js'

/** Reads tasks and weather in one thread with a poller, which serves both in turn however many tasks there are. */
export default async function mspoller(role: Role): Promise<void> {
  await using tasks = await openSocket('PULL')
  await using weather = await openSocket('SUB')
  await tasks.connect(endpoint(role, 5557))
  await weather.subscribe(`${NEW_YORK} `)
  await weather.connect(endpoint(role, 5556))
  role.ready()

  const seen = { tasks: 0, updates: 0 }
  for await (const source of new Poller().add(tasks).add(weather).add(signalSource(role.stopping))) {
    if (source === tasks) {
      assert.match(String(await tasks.receive()), /^\d+$/)
      seen.tasks += 1
    } else if (source === weather) {
      assert.match(String(await weather.receive()), /^10001 -?\d+ \d+$/)
      seen.updates += 1
    } else {
      break
    }
    if (stageOf(role).isWhole && seen.tasks >= 100 && seen.updates >= 10) break
  }
  console.log(
    `mspoller: ${seen.tasks} tasks and ${stageOf(role).isWhole ? 'at least 10' : seen.updates} weather updates`,
  )
}
