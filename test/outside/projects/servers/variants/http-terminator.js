import { createHttpTerminator } from 'http-terminator'
import { app, system } from './fastify-app.js'

const terminator = createHttpTerminator({ server: app.server })
process.once('SIGTERM', async () => {
  await terminator.terminate()
  await app.close()
  await system.stop()
})
