import type { RemoteDoorOptions } from '@zera/core/internal'
import type { LogOptions } from '../model/log.js'
import type { ModuleRoots } from '../model/modules/module-roots.js'

/** The place of a host. */
export interface HostPlace {
  readonly number: number
  /** Where it writes what it is doing. */
  readonly blackBox: SharedArrayBuffer
}

/** What a thread of a node is told. */
export interface NodeSeed {
  readonly door: RemoteDoorOptions
  readonly lease: SharedArrayBuffer
  readonly roots: ModuleRoots | undefined
}

/** What a thread is told that shall be a host. */
export interface HostSeed {
  /** Undefined for a spare thread, which is told by the signal `assume`. */
  readonly place: HostPlace | undefined
  /** The module that fills the thread's container. */
  readonly container: string | undefined
  /** What a spare thread imports before it is ready. */
  readonly modules?: readonly string[]
  /** How it logs. Default: as `LogOptions` say. */
  readonly log?: LogOptions
  /** What it is told when it is one of a node. */
  readonly node?: NodeSeed
}
