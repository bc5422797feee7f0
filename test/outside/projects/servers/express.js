import { startSystem } from '@zera/actors'
import express from 'express'
import { closer } from './closer.js'
import Hasher from './hasher.js'

const system = await startSystem({ threads: 2 })
const hashers = await system.startPool(Hasher, { size: 4 })

const app = express()
app.get('/*path', async (request, response) => void response.send(await hashers.ask.hash(request.url)))
const server = app.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
const close = closer(server)

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await close()
    await system.stop()
  })
}
