import closeWithGrace from 'close-with-grace'
import { app, system } from './fastify-app.js'

closeWithGrace({ logger: false }, async () => {
  await app.close()
  await system.stop()
})
