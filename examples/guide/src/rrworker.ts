import { openSocket } from '@zera/core'
import { endpoint, received, type Role } from './stage.js'

/** Answers requests that a broker hands on. Workers come and go without a word to the clients. */
export default async function rrworker(role: Role): Promise<void> {
  await using worker = await openSocket('REP')
  await worker.connect(endpoint(role, 5560))
  role.ready()

  for await (const [request] of received(worker, role.stopping)) {
    console.log(`rrworker: received ${String(request)}`)
    await worker.send('World')
  }
}
