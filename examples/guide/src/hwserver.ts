import { openSocket } from '@zera/core'
import { endpoint, received, type Role } from './stage.js'

/** Answers each request with "World". */
export default async function hwserver(role: Role): Promise<void> {
  await using server = await openSocket('REP')
  await server.bind(endpoint(role, 5555))
  role.ready()

  for await (const [request] of received(server, role.stopping)) {
    console.log(`hwserver: received ${String(request)}`)
    await server.send('World')
  }
}
