/** Flags that say what one process runs, or what only one process can have; with those that they take a value of. */
const OF_ONE_PROCESS: Readonly<Record<string, 'alone' | 'with a value'>> = {
  // What it runs.
  '-e': 'with a value',
  '--eval': 'with a value',
  '-p': 'with a value',
  '-pe': 'with a value',
  '--print': 'with a value',
  '--input-type': 'with a value',
  '--run': 'with a value',
  '-c': 'alone',
  '--check': 'alone',
  '-i': 'alone',
  '--interactive': 'alone',
  '--entry-url': 'alone',
  '--experimental-entry-url': 'alone',
  '--snapshot-blob': 'with a value',
  '--build-snapshot': 'alone',
  '--build-snapshot-config': 'with a value',
  '--build-sea': 'with a value',
  '--experimental-sea-config': 'with a value',
  '--prof-process': 'alone',
  // A port belongs to one.
  '--inspect': 'alone',
  '--inspect-brk': 'alone',
  '--inspect-brk-node': 'alone',
  '--inspect-wait': 'alone',
  '--inspect-port': 'with a value',
  '--debug-port': 'with a value',
  '--inspect-publish-uid': 'with a value',
  // It starts the program again, and that starts its processes.
  '--watch': 'alone',
  '--watch-preserve-output': 'alone',
  '--watch-path': 'with a value',
  '--watch-kill-signal': 'with a value',
  // What they say is in the environment, which a process inherits.
  '--env-file': 'with a value',
  '--env-file-if-exists': 'with a value',
  // Those of the test runner that take no value. All others of it do.
  '--test': 'alone',
  '--test-only': 'alone',
  '--test-force-exit': 'alone',
  '--test-update-snapshots': 'alone',
  '--test-randomize': 'alone',
  '--experimental-test-coverage': 'alone',
  '--experimental-test-module-mocks': 'alone',
  '--experimental-test-snapshots': 'alone',
}

const TEST_RUNNER = /^--(?:experimental-)?test-/

/** Flags that a thread may have of its own, as far as programs need them to load and to report; and their values. */
const OF_A_THREAD: Readonly<Record<string, 'alone' | 'with a value'>> = {
  '-r': 'with a value',
  '--require': 'with a value',
  '--import': 'with a value',
  '--loader': 'with a value',
  '--experimental-loader': 'with a value',
  '-C': 'with a value',
  '--conditions': 'with a value',
  '--enable-source-maps': 'alone',
  '--experimental-transform-types': 'alone',
  '--experimental-strip-types': 'alone',
  '--no-experimental-strip-types': 'alone',
  '--experimental-vm-modules': 'alone',
  '--experimental-import-meta-resolve': 'alone',
  '--preserve-symlinks': 'alone',
  '--disable-warning': 'with a value',
  '--no-warnings': 'alone',
  '--no-deprecation': 'alone',
  '--trace-warnings': 'alone',
  '--trace-deprecation': 'alone',
  '--throw-deprecation': 'alone',
  '--trace-uncaught': 'alone',
  '--unhandled-rejections': 'with a value',
}

/**
 * The flags of Node that a process inherits from the one that starts it: all but those that say what to run, and those
 * that only one process can have.
 */
export function flagsOfProcess(execArgv: readonly string[]): string[] {
  return select(execArgv, name => {
    const known = OF_ONE_PROCESS[name] ?? (TEST_RUNNER.test(name) ? 'with a value' : undefined)
    return { isKept: known === undefined, hasValue: known === 'with a value' }
  })
}

/**
 * The flags of Node that a thread needs when it may not simply have those of its process, which it has by default:
 * `--input-type` ends a thread, since that begins with a file. Undefined when it may have them all.
 */
export function flagsOfThread(execArgv: readonly string[]): string[] | undefined {
  if (!execArgv.some(flag => nameOf(flag) === '--input-type')) return undefined
  return select(execArgv, name => {
    const known = OF_A_THREAD[name]
    const dropped = OF_ONE_PROCESS[name]
    return { isKept: known !== undefined, hasValue: (known ?? dropped) === 'with a value' }
  })
}

function select(
  execArgv: readonly string[],
  judge: (name: string) => { readonly isKept: boolean; readonly hasValue: boolean },
): string[] {
  const kept: string[] = []
  for (let at = 0; at < execArgv.length; at++) {
    const flag = execArgv[at] as string
    const { isKept, hasValue } = judge(nameOf(flag))
    // A value may stand behind its flag, as an argument of its own.
    const value = hasValue && !flag.includes('=') ? execArgv[++at] : undefined
    if (isKept) kept.push(flag, ...(value === undefined ? [] : [value]))
  }
  return kept
}

/** Node takes underscores for hyphens. */
function nameOf(flag: string): string {
  return (flag.split('=', 1)[0] as string).replaceAll(/(?!^)_/g, '-')
}
