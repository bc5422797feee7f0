import { exportOf, exportsOf } from '@zera/core/internal'
import { systemUrl } from '../modules/module-roots.js'
import { functionText } from './function-text.js'

/**
 * A function that a module exports, to run on another thread. Plain data: `defineJob` makes it with its types, or you
 * can write it by hand.
 */
export interface JobDefinition<A extends readonly unknown[], R> {
  /** The module's address. */
  readonly url: string | URL
  /** The name under which it exports the function; `default` is one. */
  readonly name: string
  /** Carries only the types. */
  readonly job?: ((...args: A) => R) | undefined
}

/** What `compute` runs: a function of a module, or a function that needs nothing but its arguments. */
export type Job<A extends readonly unknown[], R> = JobDefinition<A, R> | ((...args: A) => R)

/** Where a thread finds what it runs. */
export type JobSource =
  | { readonly kind: 'module'; readonly url: string; readonly name: string }
  /** The text of a function that is self-contained. */
  | { readonly kind: 'text'; readonly text: string; readonly name: string }

/**
 * Defines a job from a function of a module, with its types. Export the result, so that other threads find it when they
 * import the module.
 *
 * @example
 *   function fibonacci(n: number): number {
 *     return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2)
 *   }
 *   export default defineJob(import.meta.url, fibonacci)
 *
 * @param url The module's own `import.meta.url`; in a CommonJS module `pathToFileURL(__filename).href`.
 * @throws {TypeError} When the url is invalid, or the function has no name.
 */
export function defineJob<A extends readonly unknown[], R>(url: string, job: (...args: A) => R): JobDefinition<A, R> {
  if (!URL.canParse(url))
    throw new TypeError(
      `Cannot define a job: "${url}" is no URL; pass import.meta.url, or in a CommonJS module pathToFileURL(__filename).href`,
    )
  if (job.name === '')
    throw new TypeError('Cannot define a job: the function has no name; name it, so that other threads find it')
  // The function is not part of the data, which may be sent.
  return Object.defineProperty({ url: systemUrl(url), name: job.name }, 'job', { value: job })
}

/**
 * Finds the function of a job among its module's exports: the one that was passed to `defineJob`, or the one exported
 * under the name.
 */
export function findJob(namespace: object, url: string, name: string): unknown {
  return exportsOf(namespace).find(value => isJob(value, url, name))?.job ?? exportOf(namespace, name)
}

function isJob(value: unknown, url: string, name: string): value is { readonly job: unknown } {
  try {
    const { url: address, name: called, job } = value as Partial<JobDefinition<never, unknown>>
    return typeof job === 'function' && address === url && called === name
  } catch {
    // A module may export anything besides its jobs, and some exports may throw when read.
    return false
  }
}

/**
 * Checks a job before it is accepted.
 *
 * @throws {TypeError} When it cannot run on another thread; the text says what to write instead.
 */
export function jobSource(job: Job<never, unknown>): JobSource {
  if (typeof job === 'function') return { kind: 'text', text: functionText(job), name: job.name }
  if (typeof job !== 'object' || job === null || typeof job.name !== 'string' || !URL.canParse(String(job.url))) {
    throw new TypeError(
      'Cannot compute: the first argument is no job; pass what defineJob returned, { url, name } of a module, or a function',
    )
  }
  return { kind: 'module', url: String(job.url), name: job.name }
}

/** Identifies a job to its host, which may give it up: the host, and a number there. */
export type JobKey = readonly [host: number, number: number]
