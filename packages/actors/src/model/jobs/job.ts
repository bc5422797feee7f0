import {
  expectModuleUrl,
  expectName,
  expectOptions,
  exportOf,
  exportsOf,
  moduleUrl,
  optionNames,
} from '@zera/core/internal'
import { systemUrl } from '../modules/module-roots.js'
import { notDefined, Registrations } from '../modules/registrations.js'
import type { ComputeOptions } from './compute-options.js'
import { functionText } from './function-text.js'

/**
 * A function that a module exports, to run on another thread. Plain data: `defineJob` makes it with its types, or you
 * can write it by hand.
 */
export interface JobDefinition<A extends readonly unknown[], R> {
  /** The module's address, or its absolute path. */
  readonly url: string | URL
  /** The name under which it defines or exports the function; `default` is one. */
  readonly name: string
  /** Carries only the types. */
  readonly job?: ((...args: A) => R) | undefined
}

/** What `compute` runs: a function of a module, or a function that needs nothing but its arguments. */
export type Job<A extends readonly unknown[], R> = JobDefinition<A, R> | ((...args: A) => R)

/** The arguments of a job and its options. You may leave them out when it needs none. */
export type JobInput<A extends readonly unknown[]> = [] extends A
  ? [args?: A, options?: ComputeOptions]
  : [args: A, options?: ComputeOptions]

/** Where a thread finds what it runs. */
export type JobSource =
  | { readonly kind: 'module'; readonly url: string; readonly name: string }
  /** The text of a function that is self-contained. */
  | { readonly kind: 'text'; readonly text: string; readonly name: string }

const JOB_OPTIONS = optionNames<{ readonly name?: string | undefined }>({ name: true })
const known = new Registrations<unknown>('job')

/**
 * Defines a job from a function of a module, with its types. Call it while the module is evaluated: other threads
 * import the module, and find there what it defines under the name. It needs no export for that.
 *
 * @example
 *   function fibonacci(n: number): number {
 *     return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2)
 *   }
 *   export default defineJob(import.meta.url, fibonacci)
 *
 * @param url The module's own `import.meta.url`; in a CommonJS module `__filename`.
 * @param options `name` is the name by which threads find it. Default: that of the function, which minifiers change.
 * @throws {TypeError} When the function has no name and none is given, the url is neither a URL nor an absolute path,
 *   or the module defines another job under the name.
 */
export function defineJob<A extends readonly unknown[], R>(
  url: string,
  job: (...args: A) => R,
  options: { readonly name?: string | undefined } = {},
): JobDefinition<A, R> {
  const address = systemUrl(
    expectModuleUrl('define a job', 'its module', url, 'import.meta.url, or __filename in a CommonJS module'),
  )
  expectOptions('define a job', options, JOB_OPTIONS)
  const { name = job.name } = options
  if (name === '' && options.name === undefined)
    throw new TypeError(
      'Cannot define a job: the function has no name; name it, or pass { name }, so that other threads find it',
    )
  expectName('define a job', 'name', name)
  known.add(address, name, job, job)
  // The function is not part of the data, which may be sent.
  return Object.defineProperty({ url: address, name }, 'job', { value: job })
}

/**
 * Finds the function of a job that a module has defined, or exports under the name. A job that another copy of this
 * package has defined is found by its export.
 */
export function findJob(namespace: object, url: string, name: string): unknown {
  return (
    known.find(url, name) ??
    exportsOf(namespace).find(value => isJob(value, url, name))?.job ??
    exportOf(namespace, name)
  )
}

/** Why a module has no job of a name, and what to do about it. */
export function jobNotDefined(url: string): string {
  return `it exports no function of the name, and ${notDefined('defineJob', known.namesIn(url))}`
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
  const url = typeof job === 'object' && job !== null ? moduleUrl(job.url) : undefined
  if (url === undefined || typeof job.name !== 'string') {
    throw new TypeError(
      'Cannot compute: the first argument is no job; pass what defineJob returned, { url, name } of a module, or a function',
    )
  }
  return { kind: 'module', url, name: job.name }
}

/** Identifies a job to its host, which may give it up: the host, and a number there. */
export type JobKey = readonly [host: number, number: number]
