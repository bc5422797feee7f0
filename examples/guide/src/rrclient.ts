import assert from 'node:assert/strict'
import { openSocket } from '@zera/core'
import { endpoint, type Role } from './stage.js'

const REQUESTS = 10

/** Asks the workers behind the broker, ten times. It knows the broker alone. */
export default async function rrclient(role: Role): Promise<void> {
  await using client = await openSocket('REQ')
  await client.connect(endpoint(role, 5559))
  role.ready()

  for (let request = 1; request <= REQUESTS; request++) {
    await client.send('Hello')
    const [reply] = await client.receive({ signal: role.stopping })
    assert.equal(String(reply), 'World')
  }
  console.log(`rrclient: ${REQUESTS} replies to ${REQUESTS} requests`)
}
