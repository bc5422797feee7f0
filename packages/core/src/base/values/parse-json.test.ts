import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasEscapedKey, parseJson } from './parse-json.js'

/** A tree whose objects are lists of entries, so that nothing of it depends on how an object is made. */
type Tree =
  | { readonly entries: readonly (readonly [key: string, value: Tree])[] }
  | { readonly elements: readonly Tree[] }
  | { readonly primitive: string | number | boolean | null }

const text = fc
  .array(
    fc.constantFrom(
      '\\',
      '\\',
      '"',
      '\n',
      '\t',
      '\b',
      '\u0001',
      '/',
      'n',
      'u0041',
      'a',
      'b',
      '0',
      ':',
      '{',
      ',',
      '\ud800',
      '中',
      '😀',
      '__proto__',
    ),
    { maxLength: 4 },
  )
  .map(parts => parts.join(''))
const { tree } = fc.letrec<{ tree: Tree }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc
      .oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean(), fc.constant(null))
      .map(primitive => ({ primitive })),
    fc
      .uniqueArray(fc.tuple(text, tie('tree')), { selector: ([key]) => key, maxLength: 5 })
      .map(entries => ({ entries })),
    fc.array(tie('tree'), { maxLength: 5 }).map(elements => ({ elements })),
  ),
}))

/** Writes a tree, each character of a string in one of the ways that there are, with space between what may have some. */
function write(value: Tree, random: () => number): string {
  const space = (): string => ['', '', '', ' ', '\n\t', '\r'][random() % 6] as string
  const string = (units: string): string =>
    `"${units
      .split('')
      .map(unit =>
        random() % 4 === 0
          ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
          : unit === '/'
            ? '\\/'
            : JSON.stringify(unit).slice(1, -1),
      )
      .join('')}"`
  const list = (texts: string[]): string => texts.map(each => `${space()}${each}${space()}`).join(',')
  if ('entries' in value)
    return `{${list(value.entries.map(([key, inner]) => `${string(key)}${space()}:${space()}${write(inner, random)}`))}${space()}}`
  if ('elements' in value) return `[${list(value.elements.map(inner => write(inner, random)))}${space()}]`
  return typeof value.primitive === 'string' ? string(value.primitive) : JSON.stringify(value.primitive)
}

function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { elements: value.map(treeOf) }
  if (typeof value === 'object' && value !== null)
    return { entries: Object.entries(value).map(([key, inner]) => [key, treeOf(inner)] as const) }
  return { primitive: value as string }
}

/** As an object has them: indices first. */
function ordered(value: Tree): Tree {
  if ('elements' in value) return { elements: value.elements.map(ordered) }
  if (!('entries' in value)) return Object.is(value.primitive, -0) ? { primitive: 0 } : value
  const entries = value.entries.map(([key, inner]) => [key, ordered(inner)] as const)
  const isIndex = ([key]: readonly [string, Tree]): boolean => /^(?:0|[1-9]\d*)$/.test(key)
  return {
    entries: [
      ...entries.filter(isIndex).toSorted(([a], [b]) => Number(a) - Number(b)),
      ...entries.filter(entry => !isIndex(entry)),
    ],
  }
}

describe('parseJson()', () => {
  test('reads what was written, one text after the other', () => {
    fc.assert(
      fc.property(tree, fc.array(fc.nat(), { minLength: 50, maxLength: 50 }), (value, numbers) => {
        let at = 0

        const read = parseJson(write(value, () => numbers[at++ % numbers.length] as number))

        expect(treeOf(read)).toEqual(ordered(value))
      }),
      { numRuns: 3000 },
    )
  })

  test.each([
    ['{"\\\\":1}', '{"\\n":2}', '\n'],
    ['{"\\\\":1}', '{"\\"":2}', '"'],
    ['{"a\\\\":1}', '{"a\\u0041":2}', 'aA'],
    ['{"\\\\n":1}', '{"\\nX":2}', '\nX'],
    ['{"\\\\u0041":1}', '{"\\u0041bcdef":2}', 'Abcdef'],
  ])('reads the key of %s and then that of %s', (one, other, key) => {
    parseJson(one)

    expect([parseJson(other), parseJson(`[${one},${other}]`)]).toEqual([{ [key]: 2 }, [JSON.parse(one), { [key]: 2 }]])
  })

  test('reads a key as it is when the program itself has made objects with keys that look like its text', () => {
    const made = { '\\': 1, 'b\\': 2 }

    expect([parseJson('{"\\t":1}'), parseJson('{"\\\\":1,"b\\t":2}'), made]).toEqual([
      { '\t': 1 },
      { '\\': 1, 'b\t': 2 },
      { '\\': 1, 'b\\': 2 },
    ])
  })

  test('takes the last of equal keys, where the first one stood, however they are written', () => {
    expect(Object.entries(parseJson('{"\\n":1,"b":2,"\\u000a":3,"\\u0062":4}') as object)).toEqual([
      ['\n', 3],
      ['b', 4],
    ])
  })

  test('makes a property of __proto__', () => {
    const read = parseJson('{"\\n":1,"__proto__":{"x":1},"\\u005f_proto__":{"y":1}}') as object

    expect([Object.getPrototypeOf(read), Object.entries(read)]).toEqual([
      Object.prototype,
      [
        ['\n', 1],
        ['__proto__', { y: 1 }],
      ],
    ])
  })

  test('reads at any depth', () => {
    const depth = 100_000

    let read = parseJson('[{"\\n":'.repeat(depth) + '1' + '}]'.repeat(depth)) as [Record<string, unknown>]

    for (let at = 1; at < depth; at++) read = read[0]['\n'] as typeof read
    expect(read).toEqual([{ '\n': 1 }])
  })

  test('takes a time that follows the length of the text', () => {
    const value = { '\n': '\\"'.repeat(500_000), rest: Array.from({ length: 100_000 }, () => '\\') }

    expect(parseJson(JSON.stringify(value))).toEqual(value)
  })

  test.each([
    '',
    '{',
    '{"\\n":1',
    '{"\\x":1}',
    '{"\\n" 1}',
    '{"\\n":01}',
    '{"\\n":1,}',
    '"\\',
    '\\',
    '[1}',
    '{"\\n":1}}',
    "{'\\n':1}",
    '{"\n":1}',
    '{"\\u00g0":1}',
  ])('throws what JSON.parse throws: %j', malformed => {
    expect(() => JSON.parse(malformed)).toThrow(SyntaxError)
    expect(() => parseJson(malformed)).toThrow(SyntaxError)
  })
})

describe('hasEscapedKey()', () => {
  test.each(['{"\\n":1}', '{"a":{"b\\\\" : 1}}', '[{"a":"\\""},{"\\u0061"\n\t\r :1}]', '{"a\\"":1}'])(
    'finds one: %s',
    json => {
      expect(hasEscapedKey(json)).toBe(true)
    },
  )

  test.each([
    '1',
    '{}',
    '"\\n"',
    '["\\\\",":"]',
    '{"a":"\\":"}',
    '{"a":"\\\\","b":1}',
    '["\\"",":\\""]',
    '{"中😀":"\\ud800"}',
  ])('finds none: %s', json => {
    expect(hasEscapedKey(json)).toBe(false)
  })
})
