import { availableParallelism } from 'node:os'
import { runDemonstration } from './demonstration.js'
import { parseOptions, type RunOptions } from './options.js'

/** What a shell expects of a program that was ended: by Ctrl-C, by kill, or because its reader has gone, as `head` does. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGPIPE: 141 } as const

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT_CODES.SIGPIPE)
  console.error(`flights: cannot write the result: ${error.message}`)
  process.exit(1)
})

const options = parseOptions(process.argv.slice(2), availableParallelism())
if (options.kind === 'help') {
  console.log(options.text)
} else if (options.kind === 'error') {
  console.error(options.text)
  process.exitCode = 2
} else {
  process.exitCode = await run(options)
}

async function run(runOptions: RunOptions): Promise<number> {
  // The system stops at these signals by itself and then ends the process. Here they keep the program from going on meanwhile.
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => interruption.abort(EXIT_CODES[signal]))
  try {
    return (await runDemonstration(runOptions, interruption.signal)) ? 0 : 1
  } catch (error) {
    if (interruption.signal.aborted) return interruption.signal.reason as number
    console.error('flights:', error)
    return 1
  }
}
