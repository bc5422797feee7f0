import { startSystem } from '@zera/actors'
import { fastify } from 'fastify'
import Hasher from '../hasher.js'

/** Fastify and its actors, with nothing said of their end. */
export const system = await startSystem({ threads: 2 })
const hashers = await system.startPool(Hasher, { size: 8 })
export const app = fastify({ return503OnClosing: false })
app.get('/*', request => hashers.ask.hash(request.url))
console.log(`listening on ${new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port}`)
