import { freshEndpoint, openSocket, Scope, startThread } from '@zera/core'
import { forward } from './proxy.js'
import { endpoint, type Role } from './stage.js'

const THREADS = 3

/** A server in several threads: clients come to a network socket in front, the threads to an inproc socket behind it. */
export default async function mtserver(role: Role): Promise<void> {
  // A client that has left gets no reply, and nobody waits for it.
  await using clients = await openSocket('ROUTER', { mandatory: false })
  await using workers = await openSocket('DEALER')
  await clients.bind(endpoint(role, 5555))
  const inside = await workers.bind(freshEndpoint('workers'))

  await using team = new Scope()
  for (let number = 1; number <= THREADS; number++) {
    const thread = await startThread(new URL('./mtworker.js', import.meta.url), { name: `mtworker-${number}`, data: inside })
    team.own(thread.name, async () => console.log(`mtserver: ${thread.name} ${(await thread.stop()).outcome}`))
  }
  role.ready()

  await forward(clients, workers, role.stopping)
}
