import { app } from './fastify-app.js'

process.once('SIGTERM', () => app.close())
