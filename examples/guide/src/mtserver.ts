import { startServer } from '@zera/devices'
import { endpoint, stopped, type Role } from './stage.js'

/**
 * A server in several threads: clients come to a network socket in front, and each thread behind it answers one request
 * at a time.
 */
export default async function mtserver(role: Role): Promise<void> {
  await using server = await startServer(new URL('./mtworker.js', import.meta.url), {
    frontend: endpoint(role, 5555),
    threads: 3,
  })
  role.ready()

  await stopped(role)
  const { toBackend, threads } = await server.statistics()
  console.log(`mtserver: ${toBackend.messages} requests, ${threads.running} threads`)
}
