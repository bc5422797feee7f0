import type { ChildSnapshot, ObservedHost, SystemCounters } from '@zera/actors/internal'
import type { Happening } from './state.js'

/** What the observer's thread is started with. */
export interface ObserverSeed {
  readonly name: string
  readonly startedAtMs: number
  readonly port: number
  readonly host: string
  readonly token: string
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  /** What has happened before this thread, oldest first. */
  readonly history: readonly Happening[]
}

/** What is handed over with `structure`. */
export interface Structure {
  readonly hosts: readonly ObservedHost[]
  readonly tree: readonly ChildSnapshot[]
  readonly counters: SystemCounters
  readonly pools: readonly { readonly id: number; readonly name: string; readonly workers: readonly number[] }[]
}

/** What main says to the observer's thread. */
export type ToObserver =
  /** This is how the system is built now; a `Structure` is handed over. */
  | { readonly signal: 'structure' }
  /** These have happened since. */
  | { readonly signal: 'happened'; readonly data: readonly Happening[] }

/** What the observer's thread says to main. */
export type FromObserver =
  /** The page is served at this port. */
  | { readonly signal: 'listening'; readonly data: { readonly port: number } }
  /** It cannot be served. */
  | { readonly signal: 'failed'; readonly data: { readonly message: string } }
