import {
  expectDescriptors,
  expectOwnModule,
  MODULE_DESCRIPTORS,
  startLinkedThread,
  systemClock,
  unowned,
} from '@zera/core/internal'
import { HOST_THREAD } from '../entry-urls.js'
import type { HeartbeatOptions } from '../model/nodes/node-options.js'
import { systemRandom } from '../model/time/random.js'
import type { FaultListener, OwnProcesses, Platform } from '../platform/platform.js'
import { openTransport } from '../platform/transport.js'

/** The time and the chance of this machine, its threads and its processes. */
export function threadPlatform(heartbeat: HeartbeatOptions = {}): Platform {
  return {
    clock: systemClock,
    random: systemRandom,
    transport: openTransport(),
    startHost: options =>
      unowned(() => startLinkedThread(expectOwnModule('@zera/actors', HOST_THREAD, options.name ?? 'host'), options)),
    ownProcesses: lateProcesses(
      async () => new (await import('../nodes/borrower/process-starter.js')).ProcessStarter(systemClock, heartbeat),
    ),
    // Few systems compute, and the import takes as long as the start of a thread.
    createJobThreads: async (threads, threwLate, settings) => {
      expectDescriptors('start threads for jobs', MODULE_DESCRIPTORS)
      return new (await import('../jobs/starter/piscina-threads.js')).PiscinaThreads(threads, threwLate, settings)
    },
  }
}

/** Few actors have a process, and what starts one is loaded when the first is wanted. */
function lateProcesses(load: () => Promise<OwnProcesses>): OwnProcesses {
  let loading: Promise<OwnProcesses> | undefined
  let isClosing = false
  let faulted: FaultListener = () => undefined
  return {
    onFault: told => (faulted = told),
    startThread: async options => {
      loading ??= load()
      const processes = await loading
      processes.onFault(faulted)
      if (isClosing) processes.closeDoors()
      return unowned(() => processes.startThread(options))
    },
    closeDoors: () => {
      isClosing = true
      void loading?.then(processes => processes.closeDoors())
    },
    stop: async timeoutMs => (await loading)?.stop(timeoutMs),
    kill: () => void loading?.then(processes => processes.kill()),
  }
}
