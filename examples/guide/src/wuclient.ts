import assert from 'node:assert/strict'
import { openSocket } from '@zera/core'
import { endpoint, stageOf, type Role } from './stage.js'
import { areDaysOf, SEATTLE } from './weather.js'

const UPDATES = 100

/** Listens to the weather of one place among all that are published, and takes the mean of a hundred days. */
export default async function wuclient(role: Role): Promise<void> {
  await using subscriber = await openSocket('SUB')
  await subscriber.subscribe(`${SEATTLE} `)
  await subscriber.connect(endpoint(role, stageOf(role).port ?? 5556))
  role.ready()

  const updates: string[] = []
  while (updates.length < UPDATES) updates.push(String((await subscriber.receive({ signal: role.stopping }))[0]))

  const temperatures = updates.map(update => Number(update.split(' ')[1]))
  const mean = temperatures.reduce((sum, temperature) => sum + temperature, 0) / UPDATES
  for (const update of updates) assert.match(update, /^98101 -?\d+ \d+$/)
  // Behind the proxy, the end of the other client can interrupt this one.
  const interruptions = stageOf(role).port === undefined ? 0 : 1
  if (stageOf(role).isWhole)
    assert.ok(areDaysOf(SEATTLE, updates, interruptions), 'the updates are not successive days of the record')
  console.log(`wuclient: ${UPDATES} updates of ${SEATTLE}, ${Math.round(mean)} °F in the mean`)
}
