import type { DownReason } from '@zera/core/internal'
import type { GrowthName } from '../rows/endings.js'

/** Where the actor lives that commits a fault. */
export interface Place {
  readonly name: PlaceName
  readonly text: string
  readonly placement: 'shared' | 'own-process'
  /** Whether its process handles unhandled rejections, as error trackers do. */
  readonly hasHandler: boolean
}

export type PlaceName = 'thread' | 'thread-with-handler' | 'own-process'

/** Every place. */
export const PLACES: readonly Place[] = [
  { name: 'thread', text: 'on a thread', placement: 'shared', hasHandler: false },
  {
    name: 'thread-with-handler',
    text: 'on a thread with an `unhandledRejection` handler',
    placement: 'shared',
    hasHandler: true,
  },
  { name: 'own-process', text: '`own-process`', placement: 'own-process', hasHandler: false },
]

/** Something that an actor does which concerns only itself, or its thread. */
export interface Fault {
  readonly name: FaultName
  readonly text: string
  /** How its thread ends, each time; undefined when the thread must not notice. */
  readonly down: DownReason | undefined
  /** How often it is committed in one process. */
  readonly rounds: number
  /** Descriptors that the process may have, where they are what runs out. */
  readonly maxDescriptors?: number
  /** What the culprit's thread may keep, where that is what runs out. The thread is its own then. */
  readonly maxHeapMb?: number
  /** Whether V8 says on the standard error what has become of it. */
  readonly isToldByV8?: boolean
  /** Where it can be contained. Default: everywhere. */
  readonly places?: readonly PlaceName[]
}

export type FaultName =
  | 'first-word-exit'
  | 'first-word-throw'
  | 'no-descriptors'
  | 'throws-unreadable'
  | 'answers-unreadable'
  | 'late-unreadable'
  | 'killed-while-loading'
  | GrowthName
  | 'at-once'
  | 'huge-allocation'
  | 'native-crash'

/** Every fault. */
export const FAULTS: readonly Fault[] = [
  { name: 'first-word-exit', text: 'exits in the turn of its first word to another host', down: 'exited', rounds: 5 },
  {
    name: 'first-word-throw',
    text: 'throws, uncaught, in the turn of its first word to another host',
    down: 'threw',
    rounds: 5,
  },
  {
    name: 'no-descriptors',
    text: 'speaks to another host at the limit of descriptors',
    down: undefined,
    rounds: 1,
    maxDescriptors: 256,
  },
  { name: 'throws-unreadable', text: 'throws what cannot be read', down: undefined, rounds: 1 },
  { name: 'answers-unreadable', text: 'answers with a thenable that throws', down: undefined, rounds: 1 },
  { name: 'late-unreadable', text: 'throws what cannot be read, uncaught', down: 'threw', rounds: 6 },
  { name: 'killed-while-loading', text: 'is killed while it loads', down: undefined, rounds: 20 },
  {
    name: 'map-grows',
    text: 'keeps a Map that grows a little a message',
    down: 'heap-limit',
    rounds: 2,
    maxHeapMb: 32,
  },
  {
    name: 'set-grows',
    text: 'keeps a Set that grows a little a message',
    down: 'heap-limit',
    rounds: 2,
    maxHeapMb: 32,
  },
  {
    name: 'array-grows',
    text: 'keeps an array that grows a little a message',
    down: 'heap-limit',
    rounds: 2,
    maxHeapMb: 32,
  },
  {
    name: 'object-grows',
    text: 'keeps an object that grows a little a message',
    down: 'heap-limit',
    rounds: 2,
    maxHeapMb: 32,
  },
  {
    name: 'at-once',
    text: 'fills a Map beyond its limit in one handler',
    down: 'heap-limit',
    rounds: 2,
    maxHeapMb: 32,
  },
  {
    name: 'huge-allocation',
    text: 'makes one huge allocation',
    down: 'crashed',
    rounds: 2,
    maxHeapMb: 32,
    isToldByV8: true,
    places: ['own-process'],
  },
  { name: 'native-crash', text: 'crashes in native code', down: 'crashed', rounds: 3, places: ['own-process'] },
]

/** One cell of the table of faults. */
export interface FaultCell {
  readonly fault: FaultName
  readonly place: PlaceName
}

/** Every cell, row by row. */
export const FAULT_CELLS: readonly FaultCell[] = FAULTS.flatMap(({ name: fault, places }) =>
  PLACES.filter(({ name }) => places?.includes(name) !== false).map(({ name: place }) => ({ fault, place })),
)

export function faultOf(name: FaultName): Fault {
  return FAULTS.find(fault => fault.name === name) as Fault
}

export function placeOf(name: PlaceName): Place {
  return PLACES.find(place => place.name === name) as Place
}
