import assert from 'node:assert/strict'
import { openSocket, signalSource, type Pollable } from '@zera/core'
import { endpoint, stageOf, type Role } from './stage.js'
import { NEW_YORK } from './weather.js'

/**
 * Reads two sockets by hand: all tasks that are there, then one update, then it waits for either. `mspoller` does it
 * the short way.
 */
export default async function msreader(role: Role): Promise<void> {
  await using tasks = await openSocket('PULL')
  await using weather = await openSocket('SUB')
  await tasks.connect(endpoint(role, 5557))
  await weather.subscribe(`${NEW_YORK} `)
  await weather.connect(endpoint(role, 5556))
  role.ready()

  const seen = { tasks: 0, updates: 0 }
  while (!role.stopping.aborted && !(stageOf(role).isWhole && seen.tasks >= 100 && seen.updates >= 10)) {
    while (tasks.isReady) {
      const [task] = await tasks.receive()
      assert.match(String(task), /^\d+$/)
      seen.tasks += 1
    }
    if (weather.isReady) {
      const [update] = await weather.receive()
      assert.match(String(update), /^10001 -?\d+ \d+$/)
      seen.updates += 1
    } else if (!tasks.isReady) {
      await firstToWake(tasks, weather, signalSource(role.stopping))
    }
  }
  console.log(
    `msreader: ${seen.tasks} tasks and ${stageOf(role).isWhole ? 'at least 10' : seen.updates} weather updates`,
  )
}

/** No need to look again and again, or to sleep in between: each source calls back. */
async function firstToWake(...sources: readonly Pollable[]): Promise<void> {
  let undo: (() => void)[] = []
  await new Promise<void>(wake => (undo = sources.map(source => source.whenReady(wake))))
  for (const each of undo) each()
}
