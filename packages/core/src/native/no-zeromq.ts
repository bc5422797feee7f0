import { ZeraError } from '../base/errors/errors.js'

const CODE = 'ZERA_NO_ZEROMQ'

/**
 * Checks that zeromq can be loaded here, before it is: in Bun its addon ends the process with a panic, which no code
 * can catch.
 *
 * @throws {ZeraError} In Bun.
 */
export function expectRuntime(): void {
  const { Bun: bun } = globalThis as { readonly Bun?: { readonly version: string } }
  if (bun !== undefined)
    throw new ZeraError(
      CODE,
      `Cannot load zeromq: Bun ${bun.version} lacks what its addon needs of Node; run this with Node or Deno`,
    )
}

/** Says why zeromq's addon could not be loaded, and what to do about it. */
export function addonError(cause: unknown): ZeraError {
  const problem = areAddonsDisabled()
    ? 'this process may load no native addons; start Node without --no-addons, and under --permission with --allow-addons'
    : `no addon for ${process.platform} ${process.arch} can be loaded; install zeromq on this machine, and where it has none that is built already, install cmake and a C++ compiler first`
  return new ZeraError(CODE, `Cannot load zeromq: ${problem}`, { cause })
}

/** Only the first of the tries for each file says so, and zeromq keeps it to itself. */
function areAddonsDisabled(): boolean {
  try {
    process.dlopen({ exports: {} }, '/dev/null/no.node')
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_DLOPEN_DISABLED'
  }
}
