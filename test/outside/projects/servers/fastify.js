import { startSystem } from '@zera/actors'
import { fastify } from 'fastify'
import Hasher from './hasher.js'

const system = await startSystem({ threads: 2 })
const hashers = await system.startPool(Hasher, { size: 4 })

const app = fastify({ return503OnClosing: false })
app.get('/*', request => hashers.ask.hash(request.url))
app.addHook('onClose', async () => void (await system.stop()))
console.log(`listening on ${new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port}`)

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())
