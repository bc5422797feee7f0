import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { closer } from '../closer.js'

const server = createServer(async (request, response) => {
  await wait(30)
  response.end(`hash of ${request.url}`)
})
const close = closer(server)
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
process.once('SIGTERM', close)
