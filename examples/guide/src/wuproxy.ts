import { openSocket } from '@zera/core'
import { forward } from './proxy.js'
import { endpoint, type Role } from './stage.js'

/** Hands the weather on to another network, on port 8100, and the subscriptions from there to the server. */
export default async function wuproxy(role: Role): Promise<void> {
  await using publishers = await openSocket('XSUB')
  await using subscribers = await openSocket('XPUB')
  await publishers.connect(endpoint(role, 5556))
  await subscribers.bind(endpoint(role, 8100))
  role.ready()

  await forward(publishers, subscribers, role.stopping)
}
