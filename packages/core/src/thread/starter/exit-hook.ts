import { endAllMeetings } from '../../link/meeting/late-bind.js'
import type { KillGate } from '../../words/kill-gate.js'

const gates = new Set<KillGate>()
let isInstalled = false

/**
 * Keeps a thread out of native calls when the process ends while the thread runs, whatever ends it: `process.exit()`,
 * an uncaught error, the natural end of main. Node terminates the threads then, which aborts the process when one is
 * inside (hazard H1).
 *
 * Returns the function that forgets the gate, for when the thread has ended.
 */
export function closeAtExit(gate: KillGate): () => void {
  if (!isInstalled) {
    isInstalled = true
    process.on('exit', () => {
      for (const open of gates) open.close()
      endAllMeetings()
    })
  }
  gates.add(gate)
  return () => void gates.delete(gate)
}
