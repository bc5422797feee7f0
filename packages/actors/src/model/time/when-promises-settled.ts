import { realTimers } from '@zera/core/internal'

const RESOLVED = Promise.resolve()

/** Runs something when all promises that can settle now have, before the event loop has its turn. */
export function whenPromisesSettled(run: () => void): void {
  // A tick alone would come before them where no promise brought us here.
  void RESOLVED.then(() => realTimers.nextTick(run))
}
