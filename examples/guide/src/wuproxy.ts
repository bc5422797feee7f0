import { startForwarder } from '@zera/devices'
import { endpoint, stopped, type Role } from './stage.js'

/** Hands the weather on to another network, on port 8100, and the subscriptions from there to the server. */
export default async function wuproxy(role: Role): Promise<void> {
  await using _ = await startForwarder({ frontend: { connect: endpoint(role, 5556) }, backend: endpoint(role, 8100) })
  role.ready()

  await stopped(role)
}
