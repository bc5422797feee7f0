import assert from 'node:assert/strict'
import { openSocket } from '@zera/core'
import { endpoint, type Role } from './stage.js'

const REQUESTS = 10

/** Says "Hello" ten times, and waits each time for the reply before it goes on. */
export default async function hwclient(role: Role): Promise<void> {
  await using client = await openSocket('REQ')
  await client.connect(endpoint(role, 5555))
  role.ready()

  for (let request = 1; request <= REQUESTS; request++) {
    await client.send('Hello')
    const [reply] = await client.receive({ signal: role.stopping })
    assert.equal(String(reply), 'World')
  }
  console.log(`hwclient: said Hello ${REQUESTS} times and got World ${REQUESTS} times`)
}
