const RESOLVED = Promise.resolve()
// Fake timers of a test may replace it.
const nextTick = process.nextTick.bind(process)

/** Runs something when all promises that can settle now have, before the event loop has its turn. */
export function whenPromisesSettled(run: () => void): void {
  // A tick alone would come before them where no promise brought us here.
  void RESOLVED.then(() => nextTick(run))
}
