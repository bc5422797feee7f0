import { once } from 'node:events'
import { createServer } from 'node:http'
import { child, startSystem } from '@zera/actors'
import { closer } from './closer.js'
import Hasher from './hasher.js'

const system = await startSystem({ threads: 2 })
const hashers = await system.startPool(Hasher, { size: 4 })

async function startServer() {
  const server = createServer(async (request, response) => response.end(await hashers.ask.hash(request.url)))
  const close = closer(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  console.log(`listening on ${server.address().port}`)
  return { ended: once(server, 'close').then(() => undefined), stop: close }
}

await system.supervise([child(startServer, { shutdownMs: 10_000 })])
