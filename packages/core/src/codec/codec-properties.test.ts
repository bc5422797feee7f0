import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NotCloneableError, ZeraError } from '../base/errors/errors.js'
import { hasEscapedKey } from '../base/values/parse-json.js'
import { cloneInSilence } from '../fixtures/clone-in-silence.js'
import { decodeValues, encodeValues } from './codec.js'

// A graph is generated as a list of objects whose members name each other by number, so that anything can be shared or
// cyclic, and is then built: first the objects, then what is inside them.

type Member = { readonly node: number } | { readonly value: unknown }
type Entry = readonly [key: string, member: Member]

interface NodeSpec {
  readonly kind: (typeof KINDS)[number]
  readonly entries: readonly Entry[]
  readonly holes: number
  readonly count: number
}

const VIEWS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
]
const ERRORS = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]
const KINDS = [
  'record',
  'record',
  'bare',
  'instance',
  'array',
  'array',
  'long',
  'map',
  'set',
  'date',
  'regexp',
  'boxed',
  'buffer',
  'view',
  'error',
  'refused',
] as const

class Instance {
  field = 1
}

const wildString = fc.array(fc.integer({ min: 0, max: 0xffff })).map(units => String.fromCharCode(...units))
const anyString = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  wildString,
  fc.constantFrom('$', '', '"', '\\'),
)
/** Of these JSON writes most with escapes, and those of one length look alike to some versions of V8. */
const escapedKey = fc
  .array(fc.constantFrom('\\', '\\', '"', '\n', '\t', '\u0001', 'n', 't', 'u0041', 'a', '\ud800', '中'), {
    maxLength: 3,
  })
  .map(parts => parts.join(''))
const key = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'name',
    '__proto__',
    'toJSON',
    'constructor',
    '$',
    '',
    '0',
    '1',
    '7',
    '-1',
    '01',
    '1.5',
    '4000000000',
    '4294967295',
  ),
  anyString,
  escapedKey,
)
const primitive = fc.oneof(
  anyString,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, undefined, NaN, -0, 0, Infinity, -Infinity, Number.MAX_VALUE, 5e-324),
)
const member: fc.Arbitrary<Member> = fc.oneof(
  { weight: 3, arbitrary: primitive.map(value => ({ value })) },
  { weight: 2, arbitrary: fc.nat(20).map(node => ({ node })) },
)

const nodeOf = (kinds: readonly NodeSpec['kind'][]): fc.Arbitrary<NodeSpec> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    entries: fc.array(fc.tuple(key, member), { maxLength: 6 }),
    holes: fc.constantFrom(0, 0, 0, 1, 3),
    count: fc.nat(40),
  })

const cloneable = KINDS.filter(kind => kind !== 'refused')
const graph = fc.array(nodeOf(cloneable), { minLength: 1, maxLength: 20 })
const plainGraph = fc.array(nodeOf(['record', 'array', 'long']), { minLength: 1, maxLength: 20 })
const dubiousGraph = fc.array(nodeOf(KINDS), { minLength: 1, maxLength: 8 })

describe('encodeValues() and decodeValues(), for generated messages', () => {
  it('deliver what structuredClone delivers', () => {
    fc.assert(
      fc.property(graph, specs => expectClone(build(specs))),
      { numRuns: 2000 },
    )
  })

  it('deliver plain data, shared and cyclic, as structuredClone does', () => {
    fc.assert(
      fc.property(plainGraph, specs => expectClone(build(specs))),
      { numRuns: 1000 },
    )
  })

  it('deliver objects with one key after the other that JSON writes with an escape, and whatever else is on errors and arrays', () => {
    const named = fc.array(fc.tuple(escapedKey, primitive), { maxLength: 4 })
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('b', '\\', '\n'), named)), objects => {
        const sent = objects.map(([first, entries]) => {
          const targets: object[] = [{ [first]: [1] }, [1], new Error('x')]
          for (const target of targets) for (const [name, value] of entries) define(target, name, value)
          return targets
        })

        const arrived = sent.map(values => roundTrip(values)) as object[][]

        const namesOf = (values: object[]): string[][] => values.map(value => Object.keys(value))
        expect(arrived.map(namesOf)).toEqual(sent.map(namesOf))
        expectSame(arrived, sent)
      }),
      { numRuns: 1000 },
    )
  })

  it('deliver records of a few shapes, again and again', () => {
    const record = fc.record({ a: member, b: member, __proto__: member }, { requiredKeys: ['a'] })
    fc.assert(
      fc.property(fc.array(record, { minLength: 100, maxLength: 150 }), records => {
        const lists: object[] = []
        const valueOf = (found: Member): unknown => ('value' in found ? found.value : lists[found.node % lists.length])
        for (const [at, each] of records.entries()) {
          if (at % 10 === 0) lists.push([])
          const target = {}
          for (const name of Reflect.ownKeys(each) as string[])
            define(target, name, valueOf((each as Record<string, Member>)[name] as Member))
          for (const list of lists) (list as unknown[]).push(target)
        }

        expectClone(lists)
      }),
      { numRuns: 100 },
    )
  })

  it('deliver any JSON as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expectSame(roundTrip([value]), structuredClone([value]))
      }),
      { numRuns: 500 },
    )
  })

  it('refuse what structuredClone refuses', () => {
    fc.assert(
      fc.property(dubiousGraph, specs => {
        const values = build(specs)

        expect(failureOf(() => encodeValues(values)) instanceof NotCloneableError).toBe(
          failureOf(() => structuredClone(values)) !== undefined,
        )
      }),
      { numRuns: 1000 },
    )
  })

  it('refuse an object of the platform of which structuredClone leaves nothing, wherever it is', () => {
    const made = fc.constantFrom(
      () => new URL('http://localhost/'),
      () => new Headers(),
      () => new AbortController().signal,
      () => new EventTarget(),
    )
    fc.assert(
      fc.property(graph, key, made, (specs, name, make) => {
        const holder: Record<string, object> = {}
        define(holder, name, make())

        expect([[{}], undefined]).toContainEqual(cloneInSilence(Object.values(holder)))
        expect(failureOf(() => encodeValues([...build(specs), holder]))).toBeInstanceOf(NotCloneableError)
      }),
      { numRuns: 200 },
    )
  })

  it('survive hostile text', () => {
    const text = graph.map(specs => encodeValues(build(specs)))
    const vandalism = fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom(
          'null',
          '0',
          '1',
          '-1',
          '0.5',
          '1e9',
          ...Array.from({ length: 40 }, (_, code) => String(code)),
          '"$"',
          '"NaN"',
          '""',
          '[]',
          '{}',
          '"[\\"nvtc\\",\\"a\\",\\"__proto__\\",\\"a\\",\\"length\\"]"',
        ),
      ),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(text, vandalism, (original, changes) => {
        const hostile = changes.reduce(vandalise, original)

        const failure = failureOf(() => decodeValues(JSON.parse(hostile)))

        expect([undefined, 'ZERA_MALFORMED_MESSAGE']).toContain(codeOf(failure))
        expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(OBJECT_PROPERTIES)
        expect(Object.keys(Array.prototype)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })
})

const OBJECT_PROPERTIES = Object.getOwnPropertyNames(Object.prototype).length

/** Puts other JSON in the place of one leaf of a message. */
function vandalise(text: string, [place, json]: readonly [number, string]): string {
  const message: unknown = JSON.parse(text)
  const leaves = leavesOf(message)
  const leaf = leaves[place % Math.max(1, leaves.length)]
  if (leaf !== undefined) define(leaf.owner, leaf.name, JSON.parse(json))
  return JSON.stringify(message)
}

function leavesOf(value: unknown): { owner: object; name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' && inner !== null ? leavesOf(inner) : [{ owner: value, name }],
  )
}

function build(specs: readonly NodeSpec[]): unknown[] {
  const buffers = specs.map(
    ({ count }) => new Uint8Array(Array.from({ length: 16 + count }, (_, i) => i * 7 + count)).buffer,
  )
  const nodes = specs.map((spec, i) => makeNode(spec, buffers[i]!, buffers))
  specs.forEach((spec, i) => {
    const valueOf = (found: Member): unknown => ('value' in found ? found.value : nodes[found.node % nodes.length])
    fillNode(nodes[i]!, spec, valueOf)
  })
  return nodes
}

function makeNode({ kind, count, entries }: NodeSpec, buffer: ArrayBuffer, buffers: readonly ArrayBuffer[]): object {
  switch (kind) {
    case 'record':
      return {}
    case 'bare':
      return Object.create(null) as object
    case 'instance':
      return new Instance()
    case 'array':
      return []
    case 'long':
      return Array.from({ length: count }, (_, i) => i / 4)
    case 'map':
      return new Map()
    case 'set':
      return new Set()
    case 'date':
      return new Date(count === 0 ? NaN : count * 1e10)
    case 'regexp':
      return Object.assign(/\/a[\u2028/]+"(?<x>b)/giu, { lastIndex: count })
    case 'boxed':
      return Object([count, -0, 'text', true, 12n, NaN][count % 6]) as object
    case 'buffer':
      return buffer
    case 'view':
      return makeView(count, buffers[entries.length % buffers.length]!)
    case 'error':
      return count % 3 === 0 ? new Error() : new ERRORS[count % ERRORS.length]!('it broke')
    case 'refused':
      return [
        () => count,
        new WeakMap(),
        Promise.resolve(),
        new Proxy({}, {}),
        Object(Symbol()) as object,
        [].values(),
      ][count % 6]!
  }
}

function makeView(count: number, buffer: ArrayBuffer): object {
  // No other view has all of its memory.
  if (count % 5 === 4) return Buffer.from(buffer)
  const View = VIEWS[count % VIEWS.length]!
  return count === 0 ? new DataView(buffer, 3, 2) : new View(buffer, count % 2 === 0 ? 8 : 0, 1)
}

function fillNode(node: object, { kind, entries, holes }: NodeSpec, valueOf: (member: Member) => unknown): void {
  switch (kind) {
    case 'record':
    case 'bare':
    case 'instance':
      for (const [name, found] of entries) define(node, name, valueOf(found))
      return
    case 'array':
    case 'long': {
      const array = node as unknown[]
      for (const [, found] of entries) array.push(valueOf(found))
      array.length += holes
      if (holes === 3) for (const [name, found] of entries) if (name !== 'length') define(node, name, valueOf(found))
      return
    }
    case 'map':
      for (const [name, found] of entries) (node as Map<unknown, unknown>).set(valueOf(found), name)
      for (const [name, found] of entries) (node as Map<unknown, unknown>).set(name, valueOf(found))
      return
    case 'set':
      for (const [, found] of entries) (node as Set<unknown>).add(valueOf(found))
      return
    case 'error':
      // structuredClone of V8 11.3 cannot read back an error that is inside its own cause: only values without a way back.
      for (const [, found] of entries) {
        if ('value' in found)
          Object.defineProperty(node, 'cause', { value: [found.value], configurable: true, writable: true })
      }
      return
    default:
  }
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true })
}

function failureOf(action: () => unknown): unknown {
  try {
    action()
    return undefined
  } catch (error) {
    return error
  }
}

/** The code of an error of Zera; any other failure itself. */
function codeOf(failure: unknown): unknown {
  return failure instanceof ZeraError ? failure.code : failure
}

/** No key of a text may have an escape: that is what some versions of V8 read wrong. */
function roundTrip(values: readonly unknown[]): unknown[] {
  const text = encodeValues(values)
  expect(hasEscapedKey(text)).toBe(false)
  return decodeValues(JSON.parse(text))
}

function expectClone(values: readonly unknown[]): void {
  expectSame(roundTrip(values), structuredClone(values))
}

/** Compares prototypes, -0, NaN, holes, order and attributes of properties, and which objects are the same one. */
function expectSame(actual: unknown, wanted: unknown): void {
  const partners = new Map<object, object>()
  const taken = new Set<object>()
  const queue: [actual: unknown, wanted: unknown, path: string][] = [[actual, wanted, '']]
  for (const [a, b, path] of queue) {
    if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
      if (!Object.is(a, b)) throw new Error(`${path}: ${String(a)} instead of ${String(b)}`)
      continue
    }
    const partner = partners.get(a)
    if (partner === b) continue
    if (partner !== undefined || taken.has(b)) throw new Error(`${path}: another identity`)
    partners.set(a, b)
    taken.add(b)
    if (Object.getPrototypeOf(a) !== prototypeOf(b)) throw new Error(`${path}: another prototype`)
    queue.push(...insides(a, b).map(([x, y, step]): [unknown, unknown, string] => [x, y, path + step]))
  }
}

/** The prototype with which what `structuredClone` delivers arrives here: it makes a Uint8Array of a Buffer. */
function prototypeOf(clone: object): unknown {
  const isWhole = clone instanceof Uint8Array && clone.byteLength === clone.buffer.byteLength
  return isWhole ? Buffer.prototype : (Object.getPrototypeOf(clone) as unknown)
}

function insides(a: object, b: object): [unknown, unknown, string][] {
  const pairs: [unknown, unknown, string][] = [
    [slots(a).length, slots(b).length, '#count'],
    ...slots(a).map((slot, i): [unknown, unknown, string] => [slot, slots(b)[i], `#${i}`]),
  ]
  if (ArrayBuffer.isView(a)) return pairs
  const keys = ownKeys(a)
  pairs.push([keys.join(), ownKeys(b).join(), '#keys'])
  for (const name of keys) {
    const [x, y] = [Object.getOwnPropertyDescriptor(a, name), Object.getOwnPropertyDescriptor(b, name)]
    // From V8 12 on the stack of a new error is an accessor.
    if (a instanceof Error && name === 'stack')
      pairs.push([a.stack, (b as Error).stack, '.stack'], [x?.enumerable, y?.enumerable, '.stack#enumerable'])
    else pairs.push([x?.value, y?.value, `.${name}`], [attributes(x), attributes(y), `.${name}#attributes`])
  }
  return pairs
}

/** What an object holds besides its properties. */
function slots(value: object): unknown[] {
  if (value instanceof Map) return [...value.entries()].flat()
  if (value instanceof Set) return [...value]
  if (value instanceof Date) return [value.getTime()]
  if (value instanceof RegExp) return [value.source, value.flags]
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)]
  if (ArrayBuffer.isView(value)) return [value.buffer, value.byteOffset, value.byteLength]
  return [Number, String, Boolean, BigInt].some(Box => value instanceof Box) ? [value.valueOf()] : []
}

function ownKeys(value: object): string[] {
  const keys = Object.getOwnPropertyNames(value)
  return value instanceof Error ? keys.toSorted() : keys
}

function attributes(descriptor: PropertyDescriptor | undefined): string {
  return `${descriptor?.enumerable}${descriptor?.writable}${descriptor?.configurable}`
}
