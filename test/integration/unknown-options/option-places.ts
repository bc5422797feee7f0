import { entryModule, exportsOf, reachedFrom, type Declaration } from '../public-api/declarations.js'

/** A place in the public API where a caller writes options. */
export interface OptionPlace {
  /** `System.lookup` for a parameter of that method, `GatewayOptions.rate` for options in an option. */
  readonly key: string
  /** The names of the options, as they are declared. */
  readonly names: readonly string[]
  /** The types of their values, as text. */
  readonly types: Readonly<Record<string, string>>
}

/** What a program got from Zera and passes on as it is, or what is a message: not options. */
const NO_OPTIONS: readonly string[] = [
  'ActorCommit',
  'ActorDefinition',
  'Address',
  'DeadLetter',
  'Diagnosis',
  'Down',
  'JobDefinition',
  'MethodTimes',
  'RequestEnvelope',
  'Topic',
]

const ENTRIES = {
  core: ['@zera/core', '@zera/core/testing'],
  actors: ['@zera/actors', '@zera/actors/testing'],
  devices: ['@zera/devices'],
} as const

/** An object of the user's, which may be a literal. */
const TARGET = 'GatewayTarget'
/** The options of sockets, by the socket's type. */
const ALL_SOCKETS = 'SocketOptions'

export type PackageName = keyof typeof ENTRIES

const declarations = allDeclarations()

/** All places of a package where callers write options, as its declarations have them. */
export function optionPlaces(name: PackageName): OptionPlace[] {
  const own = declarationsOf(name)
  const taken = own.flatMap(takers)
  const bags = new Set<string>()
  const open = taken.flatMap(({ bags: found }) => found)
  const nested: OptionPlace[] = []
  for (let bag = open.pop(); bag !== undefined; bag = open.pop()) {
    if (bags.has(bag)) continue
    bags.add(bag)
    open.push(...basesOf(bag))
    if (bag === ALL_SOCKETS || !own.some(each => each.name === bag)) continue
    for (const { property, type } of propertiesOf(bag)) {
      const inner = bagsIn(type)
      if (inner.length === 0) continue
      nested.push({ key: `${bag}.${property}`, ...optionsOf(inner) })
      open.push(...inner)
    }
  }
  return [...taken.map(({ key, bags: found }) => ({ key, ...optionsOf(found) })), ...nested].toSorted((a, b) =>
    a.key < b.key ? -1 : 1,
  )
}

function declarationsOf(name: PackageName): Declaration[] {
  const exported = ENTRIES[name].flatMap(entry => exportsOf(entryModule(entry)))
  const others = name === 'core' ? [] : declarationsOf('core')
  return [...exported, ...reachedFrom(exported, new Set([...exported, ...others]))].filter(
    each => !others.includes(each),
  )
}

function allDeclarations(): ReadonlyMap<string, string> {
  const all = (Object.keys(ENTRIES) as PackageName[]).flatMap(name => declarationsOf(name))
  return new Map(all.map(({ name, text }) => [name, text]))
}

/** The calls of a declaration that take options. */
function takers({ name, text }: Declaration): { readonly key: string; readonly bags: string[] }[] {
  // Zera makes its errors, and calls the targets of a gateway.
  if (name.endsWith('Error') || name === TARGET) return []
  const places = new Map<string, string[]>()
  for (const { call, parameters } of callsIn(text)) {
    const bags = bagsIn(parameters)
    const key = call === name ? name : `${name}.${call}`
    if (bags.length > 0) places.set(key, [...new Set([...(places.get(key) ?? []), ...bags])])
  }
  return Array.from(places, ([key, bags]) => ({ key, bags }))
}

/** Functions, methods, constructors, and the calls of a type such as `Asker`. */
function callsIn(text: string): { readonly call: string; readonly parameters: string }[] {
  const [, name = ''] =
    /^export (?:declare )?(?:abstract )?(?:function|class|interface|type) (\w+)/.exec(text) ?? /(\w+)/.exec(text) ?? []
  const starts = [
    ...text.matchAll(/^ {4}(?:abstract |static )?(\w+)(?:<[^(]*>)?\(/gm),
    ...text.matchAll(/^export declare function (\w+)(?:<[^(]*>)?\(/gm),
  ]
  const calls = starts.map(start => ({
    call: start[1] as string,
    parameters: balanced(text, start.index + start[0].length),
  }))
  const typed = [...text.matchAll(/^export type [^]*?\(\((options: [^)]*)\) =>/gm)].map(([, parameters = '']) => ({
    call: name,
    parameters,
  }))
  return [...calls, ...typed].map(({ call, parameters }) => ({
    call: call === 'constructor' ? name : call,
    parameters,
  }))
}

/** The text up to the parenthesis that closes the one before a place. */
function balanced(text: string, from: number): string {
  let depth = 1
  let at = from
  for (; depth > 0 && at < text.length; at++) depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0
  return text.slice(from, at - 1)
}

/** The options that a type stands for, also by way of other types. What a callback gets is not written by the caller. */
function bagsIn(type: string, seen = new Set<string>()): string[] {
  const written = type.replaceAll(/\([^()]*\) =>.*|\b\w+\['\w+'\]/g, '')
  const names = [...written.matchAll(/(?<![.\w$'])[A-Z]\w+/g)].map(([name]) => name)
  return [...new Set(names)].flatMap(name => {
    if (seen.has(name) || NO_OPTIONS.includes(name)) return []
    seen.add(name)
    if (isBag(name)) return [name]
    const text = declarations.get(name)
    return text === undefined || !/^(?:export )?(?:declare )?type /.test(text) || text.includes('=>')
      ? []
      : bagsIn(text.slice(text.indexOf('=')), seen)
  })
}

/** Whether it is an interface of properties alone, or of options and a single function. */
function isBag(name: string): boolean {
  const text = declarations.get(name)
  if (text === undefined || !/^(?:export )?interface /.test(text) || name.endsWith('Sockets')) return false
  return (
    name === TARGET ||
    (!/^ {4}(?:get )?[\w[\].]+(?:<.*>)?\(/m.test(text) &&
      propertiesOf(name).length + basesOf(name).length > 0 &&
      basesOf(name).every(isBag))
  )
}

function basesOf(name: string): string[] {
  const [, bases = ''] =
    /^(?:export )?interface \w+(?:<.*?>)? extends ([^{]*) \{/.exec(declarations.get(name) ?? '') ?? []
  return [...bases.matchAll(/(?<![.\w$'])[A-Z]\w+/g)].map(([base]) => base).filter(base => declarations.has(base))
}

function propertiesOf(name: string): { readonly property: string; readonly type: string }[] {
  return [...(declarations.get(name) ?? '').matchAll(/^ {4}(?:readonly )?(\w+)\??: (.*);$/gm)].map(
    ([, property = '', type = '']) => ({ property, type }),
  )
}

function optionsOf(bags: readonly string[]): Pick<OptionPlace, 'names' | 'types'> {
  const all = bags.flatMap(allPropertiesOf)
  return {
    names: all.map(({ property }) => property),
    types: Object.fromEntries(all.map(({ property, type }) => [property, type])),
  }
}

function allPropertiesOf(bag: string): { readonly property: string; readonly type: string }[] {
  if (bag === ALL_SOCKETS) return allPropertiesOf('CommonOptions')
  return [...propertiesOf(bag), ...basesOf(bag).flatMap(allPropertiesOf)]
}
