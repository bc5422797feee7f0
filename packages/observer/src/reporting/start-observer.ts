import { randomBytes } from 'node:crypto'
import { ObserverError, type ObservedSystem, type Observer, type ObserverOptions } from '@zera/actors/internal'
import {
  describeDown,
  expectOwnModule,
  realTimers,
  startLinkedThread,
  throwUncaught,
  unowned,
  type LinkedThread,
} from '@zera/core/internal'
import { OBSERVER_THREAD } from '../entry-urls.js'
import type { FromObserver, ObserverSeed } from '../model/messages.js'
import { register } from '../registry/registry.js'
import { Reporter } from './reporter.js'

/** Milliseconds until the thread is started again when it has died. */
const AGAIN_MS = 1000

/** An observer, as its system knows it. */
interface StartedObserver extends Observer {
  stop(timeoutMs: number): Promise<void>
}

/**
 * Starts the thread that shows a system, and tells it from then on how the system is built, and what happens to it.
 * When that thread dies, another one takes its place, at the same address and with the same history.
 *
 * @throws {ThreadStartError} When the thread does not start.
 * @throws {ObserverError} When it cannot listen; the thread is stopped then.
 */
export async function startObserver(system: ObservedSystem, options: ObserverOptions): Promise<StartedObserver> {
  const { port = 0, host = '127.0.0.1', token = randomBytes(24).toString('base64url'), tls } = options
  const { control: hasControl = false, payloads = false } = options
  const reporter = new Reporter(system, payloads)
  const seed = { name: system.name, startedAtMs: system.startedAtMs, host, token, tls, hasControl }
  const heard = (said: FromObserver): void => reporter.heard(said)
  const shown = host.includes(':') ? `[${host}]` : host
  let thread: LinkedThread | undefined
  let isStopping = false
  let again: NodeJS.Timeout | undefined
  const start = async (at: number): Promise<number> => {
    const [started, served] = await serve({ ...seed, port: at, history: reporter.history }, shown, heard)
    thread = started
    // The system may have stopped while another thread was being started.
    if (isStopping) await started.stop()
    reporter.tell(started.link)
    void started.down.then(() => {
      if (isStopping) return
      const restart = (): void =>
        void start(served).catch(() => (again = realTimers.setTimeout(restart, AGAIN_MS).unref()))
      again = realTimers.setTimeout(restart, AGAIN_MS).unref()
    }, throwUncaught)
    return served
  }
  try {
    const served = await start(port)
    const url = `${tls === undefined ? 'http' : 'https'}://${shown}:${served}/?token=${encodeURIComponent(token)}`
    const forget = register({ pid: process.pid, name: system.name, url })
    return {
      url,
      stop: async timeoutMs => {
        isStopping = true
        forget?.()
        realTimers.clearTimeout(again)
        reporter.end()
        await thread?.stop({ timeoutMs })
      },
    }
  } catch (error) {
    reporter.end()
    throw error
  }
}

/** Starts a thread, and returns when it listens. */
async function serve(
  seed: ObserverSeed,
  shown: string,
  heard: (said: FromObserver) => void,
): Promise<readonly [thread: LinkedThread, port: number]> {
  const url = expectOwnModule('@zera/observer', OBSERVER_THREAD, 'observer')
  const thread = await unowned(() => startLinkedThread(url, { name: `${seed.name}/observer`, data: seed }))
  try {
    return [thread, await portOf(thread, heard)]
  } catch (error) {
    await thread.stop()
    throw new ObserverError(`it cannot listen at ${shown}:${seed.port}: ${(error as Error).message}`, { cause: error })
  }
}

/** The port that it listens at. Rejects with why it does not. What it says besides is heard, also later. */
function portOf(thread: LinkedThread, heard: (said: FromObserver) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    thread.receive({
      message: () => undefined,
      signal: signal => {
        const said = signal as FromObserver
        if (said.signal === 'listening') resolve(said.data.port)
        else if (said.signal === 'failed') reject(new Error(said.data.message))
        else heard(said)
      },
    })
    void thread.down.then(down => reject(new Error(describeDown(down))))
  })
}
