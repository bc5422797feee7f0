import assert from 'node:assert/strict'
import { openSocket } from '@zera/core'
import { endpoint, stageOf, type Role } from './stage.js'
import { SEATTLE, weatherOf } from './weather.js'

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
  if (stageOf(role).isWhole) expectSuccessiveDays(updates)
  console.log(`wuclient: ${UPDATES} updates of ${SEATTLE}, ${Math.round(mean)} °F in the mean`)
}

/** Nothing of the record is missing or out of order. It starts anew after its last day. */
function expectSuccessiveDays(updates: readonly string[]): void {
  const record = weatherOf(SEATTLE)
  const twice = [...record, ...record].join('\n')
  assert.ok(`${twice}\n`.includes(`${updates.join('\n')}\n`), 'the updates are not successive days of the record')
}
