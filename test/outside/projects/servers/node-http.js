import { createServer } from 'node:http'
import { startSystem } from '@zera/actors'
import { closer } from './closer.js'
import Hasher from './hasher.js'

const system = await startSystem({ threads: 2 })
const hashers = await system.startPool(Hasher, { size: 4 })

const server = createServer(async (request, response) => {
  try {
    response.end(await hashers.ask.hash(request.url))
  } catch (error) {
    response.statusCode = error.progress === 'not-begun' ? 503 : 500
    response.end(error.message)
  }
})
const close = closer(server)
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await close()
    await system.stop()
  })
}
