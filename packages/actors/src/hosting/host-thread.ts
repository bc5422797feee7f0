// First, because it brings the metadata that the decorators of users' modules need (tsyringe).
import { ThreadContainer } from '../container.js'
import type { AttachedThread } from '@zera/core'
import { aborted } from '../aborted.js'
import { GUARDIAN } from '../address.js'
import { systemClock } from '../clock.js'
import { Host } from '../host.js'
import { findOpenTelemetry } from '../tracing/open-telemetry.js'
import { threadTransport } from '../transport.js'
import { Guardian } from './guardian.js'
import { takeSignal } from './host-signals.js'

/** What a thread is told that shall be a host. */
export interface HostSeed {
  readonly number: number
  /** The module that fills the thread's container. */
  readonly container: string | undefined
  /** Where it writes what it is doing. */
  readonly blackBox: SharedArrayBuffer
}

/** The life of a thread that hosts actors. */
export default async function hostThread(thread: AttachedThread): Promise<void> {
  const seed = thread.data as HostSeed
  await findOpenTelemetry()
  const container = new ThreadContainer()
  if (seed.container !== undefined) await container.setUp(seed.container)
  const host = new Host({
    number: seed.number,
    blackBox: seed.blackBox,
    clock: systemClock,
    transport: threadTransport,
    requestLink: peer => thread.link.signal('introduce', { peer }),
    createInjector: context => container.createInjector(context),
  })
  host.addService(GUARDIAN, new Guardian(host))
  thread.receive({
    message: () => undefined,
    signal: (signal, handedOver) => takeSignal(host, signal, handedOver),
  })
  thread.ready()
  await aborted(thread.stopping)
  await host.leave()
  await container.dispose()
}
