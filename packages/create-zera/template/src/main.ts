import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { startSystem } from '@zera/actors'
import counter from './counter.ts'
import primes from './primes.ts'
import { closeServer, createAppServer } from './server.ts'

const interrupted = new Promise<void>(resolve => {
  // Some package managers pass on what the terminal has sent, so a signal may come twice.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve())
})

// This program stops the system itself: after the server, whose last requests still need the actors.
const system = await startSystem({ threads: 2, handleSignals: false })
try {
  const server = createAppServer({
    visits: await system.spawn(counter, { name: 'visits' }),
    primes: await system.startPool(primes, { size: 2, route: 'least-busy' }),
  })
  await once(server.listen(Number(process.env['PORT'] ?? 3000)), 'listening')
  const { port } = server.address() as AddressInfo
  console.log(`http://localhost:${port} counts visits, http://localhost:${port}/primes/1000000 primes; Ctrl-C ends it`)

  await interrupted
  await closeServer(server)
} finally {
  await system.stop()
}
console.log('stopped')
