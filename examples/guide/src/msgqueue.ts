import { openSocket } from '@zera/core'
import { forward } from './proxy.js'
import { endpoint, type Role } from './stage.js'

/** The broker of rrbroker in one call. */
export default async function msgqueue(role: Role): Promise<void> {
  await using clients = await openSocket('ROUTER', { mandatory: false })
  await using workers = await openSocket('DEALER')
  await clients.bind(endpoint(role, 5559))
  await workers.bind(endpoint(role, 5560))
  role.ready()

  await forward(clients, workers, role.stopping)
}
