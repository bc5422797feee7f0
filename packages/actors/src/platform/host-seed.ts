import type { RemoteDoorOptions } from '@zera/core/internal'
import type { LogOptions } from '../model/log.js'
import type { ModuleRoots } from '../model/modules/module-roots.js'

/** The place of a host. */
export interface HostPlace {
  readonly number: number
  /** Where it records what it is doing. */
  readonly blackBox: SharedArrayBuffer
  /** Where it records how long its messages take. Default: in memory of its own. */
  readonly times?: TimesMemory
  /** Whether its heart beats, for an observer. Default: not. */
  readonly beats?: boolean
}

/** Memory for the times of a host, or that it shall measure none. */
export type TimesMemory = SharedArrayBuffer | 'off'

/** The settings of a thread of a node. */
export interface NodeSeed {
  readonly door: RemoteDoorOptions
  readonly lease: SharedArrayBuffer
  readonly roots: ModuleRoots | undefined
}

/** The settings of a thread that is to become a host. */
export interface HostSeed {
  /** Undefined for a spare thread, which gets its place by the signal `assume`. */
  readonly place: HostPlace | undefined
  /** The module that fills the thread's container. */
  readonly container: string | undefined
  /** What a spare thread imports before it is ready. */
  readonly modules?: readonly string[]
  /** How it logs; false when it does not. Default: as `LogOptions` say. */
  readonly log?: LogOptions | false
  /** The settings of a thread of a node; undefined for others. */
  readonly node?: NodeSeed
}
