import { ObserverError } from '../../model/errors.js'
import type { ObservedSystem } from '../../model/observing/observed-system.js'
import type { Observer, ObserverOptions } from '../../model/observing/observer-options.js'

/** The package that shows systems. Few need it, so it is installed apart, and loaded when the first wants it. */
const PACKAGE = '@zera/observer'

/** An observer that runs. */
export interface StartedObserver extends Observer {
  stop(timeoutMs: number): Promise<void>
}

/** What the system needs of that package. */
interface ObserverPackage {
  startObserver(system: ObservedSystem, options: ObserverOptions): Promise<StartedObserver>
}

/**
 * Loads what starts observers.
 *
 * @throws {ObserverError} When it is not installed.
 */
export async function loadObserver(): Promise<ObserverPackage> {
  try {
    return (await import(PACKAGE)) as ObserverPackage
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(PACKAGE)) throw error
    throw new ObserverError(`${PACKAGE} is not installed; install it beside @zera/actors`, { cause: error })
  }
}
