import { ZeraError } from '../base/errors/errors.js'

/** Says why ZeroMQ's addon could not be loaded, and what to do about it. Its `code` is `'ZERA_ADDON'`. */
export function addonError(cause: unknown): ZeraError {
  const problem = areAddonsDisabled()
    ? 'this process may load no native addons; start Node without --no-addons, and under --permission with --allow-addons'
    : `no addon for ${process.platform} ${process.arch} can be loaded; install zeromq for this machine, with its install script allowed where it has to be built`
  return new ZeraError('ZERA_ADDON', `Cannot load ZeroMQ: ${problem}`, { cause })
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
