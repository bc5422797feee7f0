import type { Chance } from '../chance.js'
import { jsonDamages, type Damage, type Damaged } from '../damage.js'

/** What ZeroMQ ends the connection for: twice what a request of a gateway may have. */
const MAX_FRAME_BYTES = 128 * 1024
const MAX_REQUEST_BYTES = 64 * 1024

/** A message that a client sends. */
export interface FuzzMessage {
  readonly name: string
  readonly frames: Damaged
  /** `error`: none of it can be called. `answer`: it may be a request after all. `cut`: it is too large to be received. */
  readonly expects: 'error' | 'answer' | 'cut'
}

/** Requests that are in order. */
const GOOD = [
  { actor: 'echo', method: 'echo', args: ['hello', { a: [1, 2], b: null }], id: 7, timeoutMs: 2000 },
  { actor: 'echo', method: 'echo', args: [], id: 'seven' },
  { actor: 'odd', method: 'result', args: ['deep'], id: null },
  { actor: 'odd', method: 'throw', args: [3] },
].map(request => JSON.stringify(request))

/**
 * Ways to spoil one JSON text of which some are calls all the same: a field with another value is a request like any
 * other.
 */
const UNCERTAIN = new Set(['a wrong field', 'an odd field', 'a missing field', 'flipped', 'replayed'])
const DAMAGES = jsonDamages(MAX_REQUEST_BYTES)

/** Envelopes that are none, around a text. */
const ENVELOPES: readonly {
  readonly name: string
  readonly isGood: boolean
  readonly make: (text: string, chance: Chance) => Damaged
}[] = [
  { name: 'no empty frame', isGood: false, make: text => [text] },
  { name: 'two empty frames', isGood: false, make: text => ['', '', text] },
  { name: 'an empty frame behind', isGood: false, make: text => ['', text, ''] },
  {
    name: 'some addresses',
    isGood: true,
    make: (text, chance) => [...addresses(1 + chance.below(15), 1 + chance.below(255)), '', text],
  },
  {
    name: 'too many addresses',
    isGood: false,
    make: (text, chance) => [...addresses(16 + chance.below(200), 1 + chance.below(40)), '', text],
  },
  {
    name: 'large addresses',
    isGood: false,
    make: (text, chance) => [...addresses(1 + chance.below(15), 256 + chance.below(30_000)), '', text],
  },
  {
    name: 'many frames',
    isGood: false,
    make: (text, chance) => ['', ...addresses(2 + chance.below(200), chance.below(20)), text],
  },
]

/** One more message, as chance has it. */
export function nextMessage(chance: Chance): FuzzMessage {
  const text = chance.pick(GOOD)
  if (chance.once(4)) {
    const { name, isGood, make } = chance.pick(ENVELOPES)
    return { name, frames: make(text, chance), expects: isGood ? 'answer' : 'error' }
  }
  const damage = pickDamage(chance)
  const frames = ['', ...damage.make(text, chance)]
  if (frames.some(frame => Buffer.byteLength(frame) > MAX_FRAME_BYTES))
    return { name: damage.name, frames, expects: 'cut' }
  return { name: damage.name, frames, expects: damage.isCertain && !UNCERTAIN.has(damage.name) ? 'error' : 'answer' }
}

function pickDamage(chance: Chance): Damage {
  for (;;) {
    const damage = chance.pick(DAMAGES)
    if (damage.once === undefined || chance.once(damage.once)) return damage
  }
}

function addresses(count: number, bytes: number): string[] {
  return Array.from({ length: count }, () => 'x'.repeat(bytes))
}
