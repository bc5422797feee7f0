import { onExit } from 'signal-exit'
import { app } from './fastify-app.js'

onExit(() => console.log('signal-exit'))
process.once('SIGTERM', () => app.close())
