import { Script } from 'node:vm'

type AnyFunction = (...args: never[]) => unknown

const texts = new WeakMap<AnyFunction, string>()

/**
 * The text of a function, from which another thread makes it again.
 *
 * It must be self-contained: what it uses is its arguments, what it declares itself, globals, and what it imports by
 * `await import('node:…')`. Whether it closes over something cannot be checked without running it; a thread that finds
 * something missing reports it (`JobFunctionError`).
 *
 * @throws {TypeError} When its text makes no function: it is native or bound, a class, a method, or uses `super` or
 *   `import.meta`.
 */
export function functionText(job: AnyFunction): string {
  const known = texts.get(job)
  if (known !== undefined) return known
  const text = Function.prototype.toString.call(job)
  const refuse = (what: string): never => {
    throw new TypeError(
      `Cannot compute ${job.name || 'a function'}: ${what}; write it as an arrow function that uses nothing but its arguments, or use defineJob`,
    )
  }
  if (/\{\s*\[native code\]\s*\}$/.test(text)) refuse('it is native or bound, and has no text')
  if (/^class\b/.test(text)) refuse('it is a class')
  try {
    scriptOf(text)
  } catch {
    refuse('its text alone is no function: it is a method, or uses super or import.meta')
  }
  texts.set(job, text)
  return text
}

/** The name of a function's text in stack traces. */
export const TEXT_FILE = 'zera:compute'

/**
 * What esbuild calls around each function inside of a function, for its name. A function brings the calls along, and
 * not what they call.
 */
const NAMES = '((made, value) => Object.defineProperty(made, "name", { value, configurable: true }))'

/** A script whose value is the function of a text. Only its syntax is checked before it is run. */
export function scriptOf(text: string, options: { readonly importModuleDynamically?: number } = {}): Script {
  return new Script(`"use strict";(__name=>(${text}\n))(${NAMES})`, { filename: TEXT_FILE, ...options })
}
