import { interruptSignal } from '@zera/core'
import { CurveRequiredError, every, isError, messageOf, systemClock, UsageError } from '@zera/core/internal'
import { stopMs } from './device-arguments.js'
import { renderHelp, SUBCOMMANDS } from './devices/commands.js'
import type { Running } from './subcommand.js'

const LINE_MS = 1000

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined) throw new UsageError('a device is missing')
  if (name === '--help' || name === '-h' || name === 'help') {
    console.log(renderHelp())
    return 0
  }
  const subcommand = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined
  if (subcommand === undefined)
    throw new UsageError(`there is no device ${name}; there are ${Object.keys(SUBCOMMANDS).join(', ')}`)
  if (args.includes('--help')) {
    console.log(subcommand.help)
    return 0
  }
  const timeoutMs = stopMs(args)
  using interrupted = interruptSignal({ exitCode: 0 })
  const running = await subcommand.start(args).catch((error: unknown) => {
    throw error instanceof CurveRequiredError ? needsKeys(error) : error
  })
  return running === undefined ? 0 : await run(running, interrupted, timeoutMs)
}

/** Runs until it is interrupted, or has failed. */
async function run(running: Running, interrupted: AbortSignal, timeoutMs: number): Promise<number> {
  const { service } = running
  console.log(
    `${running.title} (process ${process.pid})${running.exposure === undefined ? '' : `, ${running.exposure}`}`,
  )
  let isPaused = false
  const toggle = (): void => {
    isPaused = !isPaused
    // One that is ending pauses no more.
    void (isPaused ? running.pause() : running.resume()).then(
      () => console.log(isPaused ? 'paused' : 'resumed'),
      () => undefined,
    )
  }
  process.on('SIGUSR2', toggle)
  const reload = running.reload === undefined ? undefined : reloader(running.reload)
  if (reload !== undefined) process.on('SIGHUP', reload)
  const lines = process.stdout.isTTY
    ? every(
        systemClock,
        LINE_MS,
        () =>
          void running.line(LINE_MS).then(
            text => console.log(text),
            () => undefined,
          ),
      )
    : undefined
  const stop = (): void => void service.stop({ timeoutMs })
  interrupted.addEventListener('abort', stop)
  if (interrupted.aborted) stop()
  const error = await service.ended
  lines?.cancel()
  process.off('SIGUSR2', toggle)
  if (reload !== undefined) process.off('SIGHUP', reload)
  if (error === undefined) console.log('stopped')
  else console.error(`zera device: ${error.message}`)
  return error === undefined ? 0 : 1
}

/** The error that names the remedy on the command line. */
function needsKeys({ endpoint }: CurveRequiredError): UsageError {
  return new UsageError(
    `${endpoint} can be reached from other machines; give --curve-server-key with --curve-client-key, for each client that may come in, or with --any-client, or give --unencrypted`,
  )
}

/** Reloads what may change, one reload at a time: the last one counts. */
function reloader(reload: () => Promise<string>): () => void {
  let last = Promise.resolve()
  return () => {
    last = last.then(reload).then(
      line => console.log(line),
      (error: unknown) => console.error(`zera device: ${messageOf(error)}; all is as it was`),
    )
  }
}

/** Whether an error means that the caller has to write something else. */
function isUsage(error: unknown): boolean {
  return isError(error) && (error instanceof UsageError || error instanceof TypeError || error instanceof RangeError)
}

// Its work matters more than its output: a reader that has gone, or a full disk, does not end it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`zera device: ${messageOf(error)}${isUsage(error) ? '; see zera device --help' : ''}`)
  process.exitCode = isUsage(error) ? 2 : 1
}
