import { inspect, types, type InspectOptions } from 'node:util'

/** What may be thrown, and how it was said, can be as large as it likes; what is said of it is not. */
const LONGEST_TEXT = 2000
const MOST_ELEMENTS = 20
/** `inspect` lists all properties of an object, whatever its other limits are. */
const MOST_PROPERTIES = 200
/** How far causes are followed. */
const MOST_CAUSES = 20

const INSPECTION: InspectOptions = { depth: 2, maxArrayLength: MOST_ELEMENTS, maxStringLength: 1000 }

/**
 * Says in words what was thrown, in a text of bounded length. It never throws, whatever it is given: errors that cannot
 * be read, symbols, revoked proxies, objects that throw when they are looked at.
 */
export function describeThrown(thrown: unknown): string {
  if (!isError(thrown)) return describeValue(thrown)
  const error = toError(thrown)
  const [name, message] = [textOf(error, 'name'), textOf(error, 'message')]
  return shortened(message === '' ? name : `${name}: ${message}`)
}

/** What an error says, or what was thrown that is none. It never throws. */
export function messageOf(thrown: unknown): string {
  return isError(thrown) ? textOf(toError(thrown), 'message') : describeValue(thrown)
}

/**
 * What was thrown as an Error that can be read: itself, when its `name` and `message` are texts, its `stack`, `code`
 * and `cause` can be read too, and nothing would await it; else one that says what was wrong with it, with as much of
 * it as can be read. It never throws.
 */
export function toError(thrown: unknown): Error {
  if (isError(thrown)) return problemsOf(thrown).length === 0 ? thrown : readable(thrown, 0)
  const text = describeValue(thrown)
  return new Error(
    `A value was thrown that is not an Error: ${text}`,
    isKeepable(thrown) ? { cause: thrown } : undefined,
  )
}

/**
 * Whether something is an Error, of this realm or another. It never throws, and looks into no Proxy, which may be
 * revoked.
 */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  try {
    return types.isNativeError(value) || value instanceof Error
  } catch {
    // A prototype of it is a revoked Proxy.
    return false
  }
}

/** Says in words what a value is, in a text of bounded length. It never throws. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return shortened(inspect(value.slice(0, LONGEST_TEXT)))
  if (typeof value === 'symbol') return shortened(value.toString())
  if (!isObject(value)) return shortened(inspect(value))
  if (types.isProxy(value)) return 'a Proxy'
  const text = isSmall(value, 0, { left: MOST_PROPERTIES })
    ? (inspected(value, INSPECTION) ?? inspected(value, { ...INSPECTION, customInspect: false }))
    : undefined
  return text ?? `${typeof value === 'function' ? 'a function' : 'an object'} that cannot be inspected`
}

/** `then` is none of an error's; but with one it cannot be returned from where it is caught. */
type Key = 'name' | 'message' | 'stack' | 'code' | 'cause' | 'then'

const KEYS: readonly Key[] = ['name', 'message', 'stack', 'code', 'cause', 'then']

/** What is wrong with an error and with its causes, in words. */
function problemsOf(error: Error): string[] {
  const problems: string[] = []
  let cause: unknown = error
  for (let depth = 0; depth < MOST_CAUSES && isError(cause); depth++) {
    const one: Error = cause
    for (const key of KEYS) {
      const problem = problemOf(one, key)
      if (problem !== undefined) problems.push(depth === 0 ? problem : `of a cause ${problem}`)
    }
    if (problems.length > 0) break
    cause = valueOf(one, 'cause')
  }
  return problems
}

function problemOf(error: Error, key: Key): string | undefined {
  let value: unknown
  try {
    value = (error as unknown as Record<string, unknown>)[key]
  } catch {
    return `its ${key} throws when it is read`
  }
  return isFit(key, value)
    ? undefined
    : `its ${key} is ${value === undefined ? 'undefined' : `of type ${typeof value}`}`
}

function isFit(key: Key, value: unknown): boolean {
  if (key === 'cause') return isError(value) || isKeepable(value)
  if (key === 'then') return typeof value !== 'function'
  if (key === 'code') return !isObject(value) && typeof value !== 'symbol'
  return typeof value === 'string' || (key === 'stack' && value === undefined)
}

/** An error that says what could be read of another. */
function readable(error: Error, depth: number): Error {
  const problems = KEYS.map(key => problemOf(error, key)).filter(problem => problem !== undefined)
  const told =
    problems.length > 0
      ? `an error was thrown that cannot be read: ${problems.join(', ')}`
      : 'an error was thrown whose cause cannot be read'
  const message = valueOf(error, 'message')
  const copy = new Error(typeof message === 'string' && message !== '' ? `${message} (${told})` : `A${told.slice(1)}`)
  for (const key of ['name', 'stack', 'code'] as const) {
    const value = valueOf(error, key)
    if (value !== undefined)
      Object.defineProperty(copy, key, { value, writable: true, configurable: true, enumerable: key === 'code' })
  }
  const cause = valueOf(error, 'cause')
  if (cause !== undefined && depth < MOST_CAUSES)
    copy.cause = isError(cause) && problemsOf(cause).length > 0 ? readable(cause, depth + 1) : cause
  return copy
}

function textOf(error: Error, key: 'name' | 'message'): string {
  const value = valueOf(error, key)
  return typeof value === 'string' ? value : ''
}

/** Undefined when it is not what it should be. */
function valueOf(error: Error, key: Key): unknown {
  try {
    const value = (error as unknown as Record<string, unknown>)[key]
    return isFit(key, value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether code that inspects an error may find this in it, too: this inspects it in the same way. */
function isKeepable(value: unknown): boolean {
  return (
    !isObject(value) ||
    (!types.isProxy(value) &&
      isSmall(value, 0, { left: MOST_PROPERTIES }) &&
      inspected(value, INSPECTION) !== undefined)
  )
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function inspected(value: object, options: InspectOptions): string | undefined {
  try {
    const text: unknown = inspect(value, options)
    return typeof text === 'string' ? shortened(text) : undefined
  } catch {
    return undefined
  }
}

/** Whether an object has so few properties, with those of the objects in it that are shown, that they can all be listed. */
function isSmall(value: object, depth: number, budget: { left: number }): boolean {
  if (types.isProxy(value) || ArrayBuffer.isView(value)) return true
  try {
    for (const key of keysOf(value)) {
      budget.left -= 1
      if (budget.left < 0) return false
      const inner: unknown = depth < 2 ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined
      if (isObject(inner) && !isSmall(inner, depth + 1, budget)) return false
    }
    return true
  } catch {
    return false
  }
}

/** Of an array those that are shown. */
function* keysOf(value: object): Generator<string> {
  if (Array.isArray(value)) for (let at = 0; at < Math.min(value.length, MOST_ELEMENTS); at++) yield String(at)
  else for (const key in value) yield key
}

function shortened(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}… (${text.length} characters)`
}
