import { bytesOf, floatsOf, markBinary, type Binary } from './binaries.js'
import { chanceOf } from './chance.js'
import { happeningsOf, markOrder, orderOf, peopleOf, type Happening, type Order, type Person } from './records.js'
import { markText, textOf, WORDS } from './texts.js'

/** A kind of payload: what users send. */
export interface Kind {
  readonly name: string
  readonly group: 'small' | 'document' | 'list' | 'text' | 'binary'
  /** About what it is worth: the length of its JSON, or of its bytes; of a text, its characters. */
  readonly size: number
  /** Makes it, another one for each seed. */
  readonly make: (seed: number) => unknown
  /**
   * A whole number that tells that a payload, and which one, has arrived. It costs next to nothing, and is below a
   * thousand million, so that those of all messages can be added up.
   */
  readonly mark: (payload: never) => number
}

const KIB = 1024
const MIB = KIB * KIB

/** All kinds, from small to large. K and M count the characters of texts, as `length` does. */
export const KINDS: readonly Kind[] = [
  { name: 'a number', group: 'small', size: 4, make: seed => 1000 + seed, mark: (number: number) => number },
  {
    name: 'flat record',
    group: 'small',
    size: 44,
    make: seed => ({ id: seed, name: 'brass screws', ok: true, x: 0.5 + seed }),
    mark: ({ id }: { id: number }) => id,
  },
  {
    name: 'Map, Set and Date',
    group: 'small',
    size: 500,
    make: seed => ({
      at: new Date(1_700_000_000_000 + seed),
      counts: new Map(WORDS.ASCII.map((word, at) => [word, at])),
      tags: new Set([...WORDS.ASCII, ...WORDS['Latin-1']]),
    }),
    mark: ({ at, counts, tags }: { at: Date; counts: Map<string, number>; tags: Set<string> }) =>
      (at.getTime() % 1e6) + counts.size + tags.size,
  },
  ...Object.entries({ '200 B': 200, '2 KB': 2000, '50 KB': 50_000, '1 MB': 1_000_000 }).map(([name, size]): Kind => ({
    name: `document, ${name}`,
    group: 'document',
    size,
    make: seed => orderOf(size, seed),
    mark: (order: Order) => markOrder(order),
  })),
  {
    name: 'list of 1,000 floats',
    group: 'list',
    size: 19_000,
    make: seed => Array.from({ length: 1000 }, chanceOf(seed)),
    mark: markNumbers,
  },
  {
    name: 'list of 1,000 integers',
    group: 'list',
    size: 6000,
    make: seed => Array.from({ length: 1000 }, (_, at) => (at * 7919 + seed) % 100_000),
    mark: markNumbers,
  },
  {
    name: 'list of 500 records, one shape',
    group: 'list',
    size: 49_000,
    make: seed => peopleOf(500, seed),
    mark: (people: readonly Person[]) => people.length + (people.at(-1)?.id ?? 0),
  },
  {
    name: 'list of 500 records, mixed shapes',
    group: 'list',
    size: 36_000,
    make: seed => happeningsOf(500, seed),
    mark: (happenings: readonly Happening[]) => happenings.length + (happenings.at(-1)?.id ?? 0),
  },
  ...Object.entries(WORDS).flatMap(([name, words]) =>
    textKinds(`${name} text`, (characters, seed) => textOf(words, characters, seed)),
  ),
  ...textKinds('JSON as text', (characters, seed) => JSON.stringify(orderOf(characters, seed))),
  ...binaryKinds('Uint8Array', bytesOf),
  ...binaryKinds('Float64Array', floatsOf),
  {
    name: 'record with three binaries',
    group: 'binary',
    size: 77_000,
    make: seed => ({
      id: seed,
      name: 'harbour.jpg',
      thumbnail: bytesOf(4 * KIB, seed),
      image: bytesOf(64 * KIB, seed),
      samples: floatsOf(8000, seed),
    }),
    mark: ({ id, thumbnail, image, samples }: { id: number } & Record<'thumbnail' | 'image' | 'samples', Binary>) =>
      id + markBinary(thumbnail) + markBinary(image) + markBinary(samples),
  },
]

/** How many different payloads of a kind are sent in turn. */
export const VARIANTS = 2

const made = new Map<Kind, readonly unknown[]>()

/**
 * The payload that is sent as the message with this number, whole again each time. A thread makes it once, but keeps
 * one kind of large ones only: more would be in the way of whatever collects garbage meanwhile.
 */
export function payloadOf(kind: Kind, number: number): unknown {
  let variants = made.get(kind)
  if (variants === undefined) {
    for (const other of made.keys()) if (isLarge(other)) made.delete(other)
    variants = Array.from({ length: VARIANTS }, (_, at) => kind.make(at + 1))
    made.set(kind, variants)
  }
  return variants[number % VARIANTS]
}

/** Whether what it leaves behind could take more time than the next kind. */
export function isLarge({ size }: Kind): boolean {
  return size >= 1_000_000
}

/** @throws {RangeError} When there is no such kind. */
export function kindOf(name: string | undefined): Kind {
  const kind = KINDS.find(one => one.name === name)
  if (kind === undefined) throw new RangeError(`Cannot send ${name}: there is no such kind of payload`)
  return kind
}

/** What tells that it, and which one, has arrived. */
export function markOf(kind: Kind, payload: unknown): number {
  return kind.mark(payload as never)
}

/** The same of the message with this number among those that arrive, so that the sum tells when two are swapped. */
export function markAt(kind: Kind, payload: unknown, number: number): number {
  return markOf(kind, payload) * (1 + (number % VARIANTS))
}

function textKinds(name: string, make: (characters: number, seed: number) => string): Kind[] {
  return Object.entries({ '1 K': KIB, '32 K': 32 * KIB, '1 M': MIB }).map(([length, size]) => ({
    name: `${name}, ${length}`,
    group: 'text',
    size,
    make: seed => make(size, seed),
    mark: markText,
  }))
}

function binaryKinds(name: string, make: (sizeBytes: number, seed: number) => Binary): Kind[] {
  const sizes = { '256 B': 256, '4 KiB': 4 * KIB, '64 KiB': 64 * KIB, '1 MiB': MIB, '16 MiB': 16 * MIB }
  return Object.entries(sizes).map(([length, size]) => ({
    name: `${name}, ${length}`,
    group: 'binary',
    size,
    make: seed => make(size, seed),
    mark: markBinary,
  }))
}

function markNumbers(numbers: readonly number[]): number {
  return numbers.length + Math.trunc((numbers.at(-1) ?? 0) * 1000)
}
