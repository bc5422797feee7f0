import type {
  ChildSnapshot,
  ControlAct,
  DurableSnapshot,
  EndedLinks,
  HostTimesElsewhere,
  LinkAccount,
  ObservedHost,
  ObservedPool,
  SystemCounters,
  TracedMessage,
  Waiting,
} from '@zera/actors/internal'
import type { Happening, LetterState } from './state.js'

/** What the observer's thread is started with. */
export interface ObserverSeed {
  readonly name: string
  readonly startedAtMs: number
  readonly port: number
  readonly host: string
  readonly token: string
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly hasControl: boolean
  /** What has happened before this thread, oldest first. */
  readonly history: readonly Happening[]
}

/** How a system is built, as main knows it. It is handed over, since there is shared memory in it. */
export interface Structure {
  readonly hosts: readonly ObservedHost[]
  readonly tree: readonly ChildSnapshot[]
  readonly counters: SystemCounters
  readonly pools: readonly ObservedPool[]
  readonly links: readonly LinkAccount[]
  readonly endedLinks: EndedLinks
  readonly letters: readonly LetterState[]
}

/** What only hosts know of their actors, as they have said. */
export interface Detail {
  /** When they were asked. */
  readonly askedAtMs: number
  /** Actors for which messages wait, and those that wait for others. */
  readonly actors: readonly ActorDetail[]
  /** What hosts of other processes have measured, whose memory the observer cannot read. */
  readonly elsewhere: readonly HostTimesElsewhere[]
}

export interface ActorDetail {
  readonly id: number
  readonly waiting: number
  /** Since when it has been handling its current message. */
  readonly sinceMs: number | undefined
  readonly waitsFor: readonly Waiting[]
  readonly durable: DurableSnapshot | undefined
}

/** What hosts remember of traces. */
export interface Traced {
  /** That of the question. */
  readonly number: number
  readonly messages: readonly TracedMessage[]
}

/** What came of an act. */
export interface Acted {
  readonly number: number
  readonly isDone: boolean
  /** What was done, or why it was not. */
  readonly text: string
}

/** What main says to the observer's thread. */
export type ToObserver =
  /** This is how the system is built now; a `Structure` is handed over. */
  | { readonly signal: 'structure' }
  | { readonly signal: 'detail'; readonly data: Detail }
  /** These have happened since. */
  | { readonly signal: 'happened'; readonly data: readonly Happening[] }
  | { readonly signal: 'acted'; readonly data: Acted }
  | { readonly signal: 'traced'; readonly data: Traced }

/** What the observer's thread says to main. */
export type FromObserver =
  /** The page is served at this port. */
  | { readonly signal: 'listening'; readonly data: { readonly port: number } }
  /** It cannot be served. */
  | { readonly signal: 'failed'; readonly data: { readonly message: string } }
  /** Somebody looks: say how it is now. */
  | { readonly signal: 'look' }
  /** Somebody acts. */
  | { readonly signal: 'act'; readonly data: ActOrder }
  /** Somebody wants to see traces. */
  | { readonly signal: 'trace'; readonly data: { readonly number: number } }

/** What to do, and who wants it. The number is repeated with the outcome. */
export interface ActOrder {
  readonly number: number
  readonly act: ControlAct
  readonly by: string
}
