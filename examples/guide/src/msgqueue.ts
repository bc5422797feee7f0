import { startQueue } from '@zera/devices'
import { endpoint, stopped, type Role } from './stage.js'

/** The broker of rrbroker in one call. */
export default async function msgqueue(role: Role): Promise<void> {
  await using queue = await startQueue({ frontend: endpoint(role, 5559), backend: endpoint(role, 5560) })
  role.ready()

  await stopped(role)
  const { toBackend, toFrontend } = await queue.statistics()
  console.log(`msgqueue: ${toBackend.messages} requests, ${toFrontend.messages} replies`)
}
