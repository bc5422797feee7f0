import { systemUrl } from '../module-roots.js'
import { functionText } from './function-text.js'

/** A function that a module exports, to be run on another thread. Plain data: `defineJob` makes it with its types, and it can be written by hand. */
export interface JobDefinition<A extends readonly unknown[], R> {
  /** The module's address. */
  readonly url: string | URL
  /** The name under which it exports the function; `default` is one. */
  readonly name: string
  /** Carries the types alone. */
  readonly job?: (...args: A) => R
}

/** What `compute` runs: a function of a module, or a function that needs nothing but its arguments. */
export type Job<A extends readonly unknown[], R> = JobDefinition<A, R> | ((...args: A) => R)

/** Where a thread finds what it runs. */
export type JobSource =
  | { readonly kind: 'module'; readonly url: string; readonly name: string }
  /** The text of a function that is self-contained. */
  | { readonly kind: 'text'; readonly text: string; readonly name: string }

/** The functions that were made jobs in this thread, by the addresses of their modules and their names. */
const known = new Map<string, (...args: never[]) => unknown>()

/**
 * Makes a function of a module a job, with its types. Other threads import the module and find the function there: the call stands at its top level. The function itself need not be exported.
 *
 * @param url The module's own `import.meta.url`; in a CommonJS module `pathToFileURL(__filename).href`.
 * @throws {TypeError} When the url is none, or the function has no name.
 * @example
 * ```ts
 * function fibonacci(n: number): number {
 *   return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2)
 * }
 * export default defineJob(import.meta.url, fibonacci)
 * ```
 */
export function defineJob<A extends readonly unknown[], R>(url: string, job: (...args: A) => R): JobDefinition<A, R> {
  if (!URL.canParse(url)) throw new TypeError(`Cannot define a job: "${url}" is no URL; pass import.meta.url, or in a CommonJS module pathToFileURL(__filename).href`)
  if (job.name === '') throw new TypeError('Cannot define a job: the function has no name; name it, so that other threads find it')
  const definition = { url: systemUrl(url), name: job.name }
  known.set(keyOf(definition.url, definition.name), job)
  return definition
}

/** The function that `defineJob` was given in this thread. */
export function findJob(url: string, name: string): ((...args: never[]) => unknown) | undefined {
  return known.get(keyOf(url, name))
}

function keyOf(url: string, name: string): string {
  return `${url}#${name}`
}

/** Checks a job at the door. @throws {TypeError} When it can be run nowhere else, with what to write instead. */
export function jobSource(job: Job<never, unknown>): JobSource {
  if (typeof job === 'function') return { kind: 'text', text: functionText(job), name: job.name }
  if (typeof job !== 'object' || job === null || typeof job.name !== 'string' || !URL.canParse(String(job.url))) {
    throw new TypeError('Cannot compute: the first argument is no job; pass what defineJob returned, { url, name } of a module, or a function')
  }
  return { kind: 'module', url: String(job.url), name: job.name }
}
