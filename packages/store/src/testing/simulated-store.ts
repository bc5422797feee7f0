import type { Store } from '@zera/actors'
import type { ActorCommit } from '@zera/actors/internal'
import { expectNumber, expectOptions, NUMBER, optionNames } from '@zera/core/internal'
import { diskOf, newDisk, SIMULATED_STORE } from './simulated-disk.js'

/** How a simulated store behaves. */
export interface SimulatedStoreOptions {
  /** Decides how long each commit takes, and which are refused. Default 0. */
  readonly seed?: number | undefined
  /** The longest time that a commit or a read takes, in milliseconds. Default 5. */
  readonly latencyMs?: number | undefined
  /**
   * The share of them that are refused, from 0 to 1. Of commits that are, half are kept all the same, as when a
   * connection is lost before the answer. Default 0.
   */
  readonly refusals?: number | undefined
}

/** A store in memory, which outlives the threads of a simulated system. */
export interface SimulatedStore extends Store {
  /** What it has of an actor; undefined when it has nothing. */
  kept(key: string): Pick<ActorCommit, 'version' | 'state'> | undefined
  /** The statements that actors have committed by `context.sql`, in their order. It has no tables, and runs none. */
  readonly statements: readonly { readonly sql: string; readonly values: readonly unknown[] }[]
}

const OPTIONS = optionNames<SimulatedStoreOptions>({ seed: NUMBER, latencyMs: NUMBER, refusals: NUMBER })

/**
 * Makes a store for one simulated system.
 *
 * @throws {TypeError} When there is no such option.
 * @throws {RangeError} When a number is out of its range.
 */
export function simulatedStore(options: SimulatedStoreOptions = {}): SimulatedStore {
  const action = 'make a simulated store'
  expectOptions(action, options, OPTIONS)
  const { seed = 0, latencyMs = 5, refusals = 0 } = options
  expectNumber(action, 'latencyMs', latencyMs)
  expectNumber(action, 'refusals', refusals, { to: 1 })
  const disk = newDisk()
  return {
    definition: SIMULATED_STORE,
    props: { disk, seed, latencyMs, refusals },
    kept: key => diskOf(disk).actors.get(key),
    statements: diskOf(disk).statements,
  }
}
