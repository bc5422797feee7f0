import {
  configureContext,
  createKeys,
  curveClient,
  interruptSignal,
  openSocket,
  Poller,
  secureServer,
  startAuthentication,
  startDetached,
  startThread,
  wrapPublication,
  type CurveClient,
  type CurveServer,
} from '@zera/core'
import { startForwarder } from '@zera/devices'
import type { ReadyCalls } from './calls.js'

const ANY = 'tcp://127.0.0.1:*'
const IDLE = new URL('threads/idle.js', import.meta.url)

/** Calls of `@zera/core`. */
export async function coreCalls(): Promise<ReadyCalls> {
  const keys = createKeys()
  const server: CurveServer = { keys, clients: 'any' }
  const client: CurveClient = { keys, serverKey: keys.publicKey }
  const authenticate = (): boolean => true
  const authentication = await startAuthentication({ authenticate })
  const security = await secureServer('listen', [], 'none')
  const router = await openSocket('ROUTER')
  const monitor = await router.monitor()
  const thread = await startThread(IDLE)
  const detached = await startDetached(IDLE)
  const service = await startForwarder({ frontend: ANY, backend: ANY })
  return {
    calls: {
      'Authentication.listen': unknown => authentication.listen(router, ANY, unknown),
      'CurveClient.keys': unknown => curveClient({ ...client, keys: { ...keys, ...unknown } }),
      'CurveServer.authentication': unknown =>
        secureServer('listen', [], { ...server, authentication: { authenticate, ...unknown } }),
      'CurveServer.keys': unknown => secureServer('listen', [], { ...server, keys: { ...keys, ...unknown } }),
      'Detached.stop': unknown => detached.stop(unknown),
      'Pipe.ready': unknown => thread.pipe.ready(unknown),
      'PluggableSocket.monitor': unknown => router.monitor(unknown),
      Poller: unknown => new Poller(unknown),
      'Poller.wait': unknown => new Poller().wait(unknown),
      'ReceivingSocket.receive': unknown => router.receive(unknown),
      'RoutingSocket.connect': unknown => router.connect(ANY, unknown),
      'ServerSecurity.listen': unknown => security.listen(router, ANY, unknown),
      'Service.stop': unknown => service.stop(unknown),
      'SocketMonitor.receive': unknown => monitor.receive(unknown),
      'Thread.stop': unknown => thread.stop(unknown),
      configureContext: unknown => configureContext(unknown),
      curveClient: unknown => curveClient({ ...client, ...unknown }),
      interruptSignal: unknown => interruptSignal(unknown),
      openSocket: unknown => openSocket('PAIR', unknown),
      secureServer: unknown => secureServer('listen', [], { ...server, ...unknown }),
      startAuthentication: unknown => startAuthentication({ authenticate, ...unknown }),
      startDetached: unknown => startDetached(IDLE, unknown),
      startThread: unknown => startThread(IDLE, unknown),
      wrapPublication: unknown => wrapPublication({ key: 'k', data: 'd', ...unknown }),
    },
    [Symbol.asyncDispose]: async () => {
      await service.stop()
      await detached.stop()
      await thread.stop()
      await router.close()
      await security.release()
      await authentication.close()
    },
  }
}
