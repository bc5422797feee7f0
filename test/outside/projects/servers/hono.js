import { serve } from '@hono/node-server'
import { startSystem } from '@zera/actors'
import { Hono } from 'hono'
import { closer } from './closer.js'
import Hasher from './hasher.js'

const system = await startSystem({ threads: 2 })
const hashers = await system.startPool(Hasher, { size: 4 })

const app = new Hono()
app.get('*', async context => context.text(await hashers.ask.hash(context.req.path)))
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`listening on ${port}`),
)
const close = closer(server)

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await close()
    await system.stop()
  })
}
