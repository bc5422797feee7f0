import { aborted, optimisations, systemClock, words, type LinkedSelf } from '@zera/core/internal'
import { ThreadContainer } from '../actor/container.js'
import { Loggers } from '../log/loggers.js'
import { openSink } from '../log/open-sink.js'
import type { ActorContext } from '../model/actor-context.js'
import { GUARDIAN } from '../model/address.js'
import { levelOf } from '../model/log.js'
import type { HostSeed, HostPlace } from '../platform/host-seed.js'
import { signalMain } from '../platform/host-signals.js'
import { openTransport } from '../platform/transport.js'
import { Guardian } from './guardian.js'
import { startHeartbeat } from './heartbeat.js'
import { HostRole, preload } from './host-role.js'
import { Host } from './host.js'
import { rehearse } from './rehearsal.js'

/** The life of a thread that hosts actors. */
export default async function hostThread(thread: LinkedSelf): Promise<void> {
  const seed = thread.data as HostSeed
  // Sets where modules are, so it comes before the import of any actor's module here.
  const remote =
    seed.node === undefined
      ? undefined
      : await (await words.loads.load(() => import('../nodes/control/remote-transport.js'))).openRemote(seed.node)
  const transport = remote?.transport ?? openTransport()
  const container = new ThreadContainer()
  if (seed.container !== undefined) await container.setUp(seed.container)
  const sink = await openSink(seed.log)
  const partsOf = ({ number, blackBox, times }: HostPlace) => ({
    number,
    blackBox,
    times,
    clock: systemClock,
    loggers: new Loggers(number, systemClock, sink, levelOf(seed.log)),
    createInjector: (context: ActorContext) => container.createInjector(context),
  })
  const createHost = (place: HostPlace): Host => {
    const host = new Host({
      ...partsOf(place),
      transport,
      mayRun: remote?.mayRun,
      requestLink: peer => signalMain(thread.link, { signal: 'introduce', data: { peer } }),
      reportFault: (peer, link, problem) =>
        signalMain(thread.link, { signal: 'faulted', data: { peer, link, problem } }),
      severLink: (peer, link, refusal) => signalMain(thread.link, { signal: 'sever', data: { peer, link, refusal } }),
    })
    if (place.beats === true) startHeartbeat(host)
    // A module that has not come to its end defines nothing that can be started.
    host.addService(GUARDIAN, new Guardian(host, () => undefined))
    return host
  }
  const role = new HostRole(createHost, seed.place)
  thread.receive({
    message: () => undefined,
    signal: (signal, handedOver) => role.signal(signal, handedOver),
  })
  // All actors import this package, and it is most of what they import.
  if (seed.place === undefined) {
    await preload(new URL('../index.js', import.meta.url).href)
    await Promise.all((seed.modules ?? []).map(preload))
    if (optimisations.rehearsal && transport.refuseLink() === undefined)
      await rehearse(place => new Host({ ...partsOf(place), transport: openTransport(), requestLink: () => undefined }))
  }
  if (remote?.endpoint !== undefined) signalMain(thread.link, { signal: 'door', data: remote.endpoint })
  thread.ready()
  await aborted(thread.stopping)
  await role.host?.leave()
  await transport.close()
  await container.dispose()
}
