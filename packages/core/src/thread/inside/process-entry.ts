// The first module of a process that `startDetached` starts.
import { deserialize, serialize } from 'node:v8'
import { cutCauses } from '../../base/errors/late-error.js'
import { describeThrown, toError } from '../../base/errors/thrown.js'
import { exportOf } from '../../base/runtime/module-exports.js'
import { setTimeout } from '../../base/runtime/real-timers.js'
import { importUserModule } from '../../modules/import-user-module.js'
import type { ProcessOrder, ProcessReport, ProcessSeed } from '../process-messages.js'
import type { ProcessSelf } from './detached-self.js'
import { MemoryGuard } from './memory-guard.js'

/**
 * Milliseconds that it has to close when its starter has ended, before it kills itself: native code may keep it for
 * ever, and nothing else is left to end it.
 */
const ORPHAN_MS = 5000

type DetachedMain = (self: ProcessSelf) => unknown

const stopping = new AbortController()
const stop = (): void => stopping.abort()
const ignore = (): void => undefined
// No thread here may be able to leave its native code, so nothing is asked of any.
const endNow = (): void => void process.kill(process.pid, 'SIGKILL')
const guard = new MemoryGuard((rssMb, maxRssMb) => say({ said: 'over-limit', rssMb, maxRssMb }, endNow))

// Ctrl-C goes to all processes of a terminal, and SIGTERM to all of a service; the one that started this one says what comes of it.
process.on('SIGINT', ignore)
process.on('SIGTERM', ignore)
// Its starter has ended, in whatever way, and sends nothing more.
process.once('disconnect', () => {
  process.off('SIGTERM', ignore)
  setTimeout(endNow, ORPHAN_MS)
  stop()
})
process.once('message', seed => {
  process.on('message', order => obey(order as ProcessOrder))
  run(seed as ProcessSeed).then(
    () => end({ said: 'stopped' }, 0),
    (error: unknown) => fail(error),
  )
})
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)

async function run({ name, url, data }: ProcessSeed): Promise<void> {
  const main = exportOf(await importUserModule(url), 'default')
  if (typeof main !== 'function') throw new TypeError(`${url} has no function as its default export`)
  await (main as DetachedMain)({
    name,
    data,
    stopping: stopping.signal,
    ready: told => say({ said: 'ready', told: asText(told) }),
  })
}

/** What a module tells its starter: a text, or nothing. It may have called `ready` with anything. */
function asText(told: unknown): string | undefined {
  return typeof told === 'string' ? told : undefined
}

function obey(order: ProcessOrder): void {
  if (order === 'stop') stop()
  else guard.limit(order.maxRssMb)
}

function fail(thrown: unknown): void {
  const error = toError(thrown)
  // Its starter has the error, if it is there.
  if (!process.connected) console.error(error)
  cutCauses(error)
  end({ said: 'threw', error: isPostable(error) ? error : new Error(describeThrown(error)) }, 1)
}

/** Whether its starter can read it: what is written by V8 cannot always be read by it. */
function isPostable(error: Error): boolean {
  try {
    deserialize(serialize(error))
    return true
  } catch {
    return false
  }
}

/** Ends the process when its last word has left. Sockets that are still open are closed by the exit hook. */
function end(report: ProcessReport, exitCode: number): void {
  say(report, () => process.exit(exitCode))
}

function say(report: ProcessReport, sent: () => void = () => undefined): void {
  if (process.connected) process.send?.(report, undefined, undefined, sent)
  else sent()
}
