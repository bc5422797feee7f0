import { openSocket, Poller, signalSource } from '@zera/core'
import { endpoint, type Role } from './stage.js'

/** Stands between clients and workers. The frames in front of a request say whose it is, and bring the reply back. */
export default async function rrbroker(role: Role): Promise<void> {
  // A client that has left gets no reply, and the broker does not wait for it.
  await using clients = await openSocket('ROUTER', { mandatory: false })
  await using workers = await openSocket('DEALER')
  await clients.bind(endpoint(role, 5559))
  await workers.bind(endpoint(role, 5560))
  role.ready()

  for await (const source of new Poller().add(clients).add(workers).add(signalSource(role.stopping))) {
    if (source === clients) await workers.send(await clients.receive())
    else if (source === workers) await clients.send(await workers.receive())
    else return
  }
}
