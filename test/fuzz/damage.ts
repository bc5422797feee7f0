import type { Chance } from './chance.js'

/** A message as it is sent: its frames. */
export type Damaged = readonly (string | Buffer)[]

/** A way to make a malformed message of the text of a good one. */
export interface Damage {
  readonly name: string
  /** Whether nothing that it makes can be read. Of others some can: a name with another letter is a name. */
  readonly isCertain: boolean
  /** How rarely it is done, once in so many times, when it is costly. */
  readonly once?: number
  make(text: string, chance: Chance): Damaged
}

/** What is the value of no field of any message. */
const NOWHERE = { rhubarb: true }

const DEPTHS = [1_001, 5_000, 100_000, 1_000_000]

/**
 * The ways that hold for all that is one JSON text in one frame.
 *
 * @param maxChars What is longer is refused.
 */
export function jsonDamages(maxChars: number): readonly Damage[] {
  return [
    { name: 'truncated', isCertain: true, make: (text, chance) => [text.slice(0, chance.below(text.length))] },
    {
      name: 'cut in front',
      isCertain: true,
      make: (text, chance) =>
        [text.slice(1 + chance.below(Math.min(3, text.length - 1)))].map(cut => (isJson(cut) ? '' : cut)),
    },
    { name: 'flipped', isCertain: false, make: (text, chance) => [flipped(text, chance)] },
    { name: 'doubled', isCertain: true, make: text => [text + text] },
    {
      name: 'oversize',
      isCertain: true,
      once: 2000,
      make: text => [text.slice(0, -1) + ' '.repeat(maxChars) + text.slice(-1)],
    },
    {
      name: 'deep',
      isCertain: true,
      once: 20,
      make: (text, chance) => [withField(text, chance, () => nested(chance.pick(DEPTHS)))],
    },
    {
      name: 'a wrong field',
      isCertain: true,
      make: (text, chance) => [withField(text, chance, () => JSON.stringify(NOWHERE))],
    },
    {
      name: 'an odd field',
      isCertain: false,
      make: (text, chance) => [withField(text, chance, () => chance.pick(ODD))],
    },
    { name: 'a missing field', isCertain: false, make: (text, chance) => [withoutField(text, chance)] },
    { name: 'replayed', isCertain: false, make: text => [text] },
    {
      name: 'bytes',
      isCertain: true,
      make: (_text, chance) => [Buffer.concat([Buffer.from([0xff]), chance.bytes(chance.below(64))])],
    },
    { name: 'not UTF-8', isCertain: true, make: (text, chance) => [spoilt(text, chance)] },
    {
      name: 'several frames',
      isCertain: true,
      make: (text, chance) => Array.from({ length: 2 + chance.below(3) }, () => text),
    },
    { name: 'an empty frame', isCertain: true, make: () => [''] },
    { name: 'no object', isCertain: true, make: (_text, chance) => [chance.pick(ODD)] },
  ]
}

/** JSON texts that are seldom what is expected, and never a whole message. */
const ODD = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '1e308',
  '-1e308',
  '9007199254740993',
  '4294967296',
  '""',
  '"x"',
  '[]',
  '[[]]',
  '{}',
  '"\\ud800"',
  '"__proto__"',
  '{"__proto__":{"kind":"close"}}',
  `"${'x'.repeat(70_000)}"`,
  `[${'0,'.repeat(50_000)}0]`,
  '["$","undefined"]',
  '["$","NaN"]',
  '["$","Infinity"]',
  '["$","map",[]]',
  '["$","again",0]',
  '["$","bigint","1"]',
  '["$","date",null]',
  '["$","error","Error","Error","no",null,{},{}]',
] as const

function flipped(text: string, chance: Chance): Buffer {
  const bytes = Buffer.from(text)
  for (let flips = 1 + chance.below(4); flips > 0; flips--) {
    const at = chance.below(bytes.length)
    bytes[at] = (bytes[at] as number) ^ (1 << chance.below(8))
  }
  return bytes
}

function spoilt(text: string, chance: Chance): Buffer {
  const bytes = Buffer.from(text)
  // 0xff is in no text.
  bytes[chance.below(bytes.length)] = 0xff
  return bytes
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

/** Puts another JSON text where one value of a message was, whichever. */
function withField(text: string, chance: Chance, other: () => string): string {
  const holder = 'zera-fuzz-field'
  return edited(text, chance, (owner, key) => {
    owner[key] = holder
  }).replace(JSON.stringify(holder), () => other())
}

function withoutField(text: string, chance: Chance): string {
  return edited(text, chance, (owner, key) => {
    if (Array.isArray(owner)) owner.splice(Number(key), 1)
    else delete owner[key]
  })
}

type Owner = Record<string, unknown>

function edited(text: string, chance: Chance, edit: (owner: Owner, key: string) => void): string {
  const root: unknown = JSON.parse(text)
  const fields: [Owner, string][] = []
  collectFields(root, fields)
  if (fields.length > 0) edit(...chance.pick(fields))
  return JSON.stringify(root)
}

function collectFields(node: unknown, into: [Owner, string][]): void {
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) {
    into.push([node as Owner, key])
    collectFields(value, into)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
