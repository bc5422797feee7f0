// First, because it brings the metadata that the decorators of users' modules need (tsyringe).
import { ThreadContainer } from '../container.js'
import type { AttachedThread, LinkEnd, Signal } from '@zera/core'
import { aborted } from '../aborted.js'
import { GUARDIAN } from '../address.js'
import { systemClock } from '../clock.js'
import type { PeerDown } from '../connection-host.js'
import { Host } from '../host.js'
import { threadTransport } from '../transport.js'
import { Guardian } from './guardian.js'

/** What a thread is told that shall be a host. */
export interface HostSeed {
  readonly number: number
  /** The module that fills the thread's container. */
  readonly container: string | undefined
}

/** What the main thread signals to a host; `linked` hands the end over. */
export type HostSignal =
  | { readonly signal: 'linked'; readonly data: { readonly peer: number } }
  | { readonly signal: 'down'; readonly data: { readonly peer: number } & Pick<PeerDown, 'reason'> }
  | { readonly signal: 'gone'; readonly data: { readonly peer: number } }
  /** All actors have been started: what arrives for others has no target. */
  | { readonly signal: 'open'; readonly data?: undefined }

/** The life of a thread that hosts actors. */
export default async function hostThread(thread: AttachedThread): Promise<void> {
  const seed = thread.data as HostSeed
  const container = new ThreadContainer()
  if (seed.container !== undefined) await container.setUp(seed.container)
  const host = new Host({
    number: seed.number,
    clock: systemClock,
    transport: threadTransport,
    requestLink: peer => thread.link.signal('introduce', { peer }),
    createInjector: context => container.createInjector(context),
  })
  host.addService(GUARDIAN, new Guardian(host))
  thread.receive({
    message: () => undefined,
    signal: (signal, handedOver) => takeSignal(host, signal as Signal & HostSignal, handedOver),
  })
  thread.ready()
  await aborted(thread.stopping)
  await host.flushed()
  host.close()
  await container.dispose()
}

function takeSignal(host: Host, { signal, data }: HostSignal, handedOver: unknown): void {
  if (signal === 'linked') host.peers.linked(data.peer, handedOver as LinkEnd)
  else if (signal === 'down') host.peers.down(data.peer, { reason: data.reason, error: undefined })
  else if (signal === 'gone') host.peers.gone(data.peer)
  else host.open()
}
