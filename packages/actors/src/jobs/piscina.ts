import { LoadGate } from '@zera/core/internal'

/** The one import of piscina, for the thread that starts the threads of jobs, and for those. */
export { Piscina } from 'piscina'

/** One of the gates by which jobs load their modules. */
export function gateAt(gates: Int32Array, gate: number): LoadGate {
  return new LoadGate(gates.subarray(gate, gate + 1))
}
