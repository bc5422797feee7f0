import { ZeraError } from '@zera/core/internal'

/** A simulation failed; if its scenario threw, `cause` says how. The same seed fails in the same way. */
export class SimulationError extends ZeraError {
  override readonly name = 'SimulationError'
  readonly seed: number

  constructor(seed: number, problem: string, options?: ErrorOptions) {
    super(
      'ZERA_SIMULATION',
      `Simulation failed with seed ${seed}: ${problem}; replay it by simulate({ seeds: [${seed}] }, …)`,
      options,
    )
    this.seed = seed
  }
}
