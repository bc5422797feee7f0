import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Node allocates by itself what valgrind would replace; leaks alone are errors, and only those to which nothing points
 * any more.
 */
const OPTIONS = [
  '--leak-check=full',
  '--show-leak-kinds=definite',
  '--errors-for-leak-kinds=definite',
  '--undef-value-errors=no',
  `--suppressions=${fileURLToPath(new URL('../../../stress/leaks/node.supp', import.meta.url))}`,
]

/** What valgrind says of the native side. */
export interface NativeLeaks {
  readonly lostBytes: number
  readonly lostBlocks: number
  /** Its own words, with the stack of each leak. */
  readonly log: string
}

/** Whether valgrind is installed. */
export async function hasValgrind(): Promise<boolean> {
  return run('valgrind', ['--version']).then(
    () => true,
    () => false,
  )
}

/**
 * Runs `native-scenario` under valgrind, which takes half a minute.
 *
 * @throws {Error} When the scenario does not come to
 * its end.
 */
export async function findNativeLeaks(): Promise<NativeLeaks> {
  const { stdout, stderr } = await run(
    'valgrind',
    [...OPTIONS, process.execPath, fileURLToPath(new URL('./native-scenario.js', import.meta.url))],
    { maxBuffer: 64 * 1024 * 1024 },
  )
  if (!stdout.includes('done')) throw new Error(`The scenario did not come to its end under valgrind:\n${stderr}`)
  const lost = /definitely lost: ([\d,]+) bytes in ([\d,]+) blocks/.exec(stderr)
  const isAllFreed = stderr.includes('no leaks are possible')
  if (lost === null && !isAllFreed) throw new Error(`valgrind said nothing of leaks:\n${stderr}`)
  const [lostBytes = 0, lostBlocks = 0] = (lost?.slice(1) ?? []).map(number => Number(number.replaceAll(',', '')))
  return { lostBytes, lostBlocks, log: stderr }
}
