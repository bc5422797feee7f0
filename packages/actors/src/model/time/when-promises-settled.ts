import { realTimers } from '@zera/core/internal'

const RESOLVED = Promise.resolve()

/** Runs a function when all promises that can settle now have settled, before the event loop continues. */
export function whenPromisesSettled(run: () => void): void {
  // A tick alone would come before them if no promise brought us here.
  void RESOLVED.then(() => realTimers.nextTick(run))
}
