import type { inspect, InspectOptionsStylized } from 'node:util'

/** How `util.inspect` and `console.log` show an object: a title, and what is worth knowing. */
export interface Shown {
  /** As `Thread(worker-1)`. */
  readonly title: string
  readonly parts?: object | undefined
}

/** The symbol under which `util.inspect` finds how to show an object. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/**
 * Has `util.inspect` and `console.log` show an object, or all objects with a prototype, by a title and its parts, and
 * nothing that is private. Parts are shown as deep, and in the same colours, as those of any object.
 */
export function showAs<T extends object>(target: T, show: (object: T) => Shown): T {
  return Object.defineProperty(target, INSPECT, {
    configurable: true,
    writable: true,
    value(this: T, depth: number | null, options: InspectOptionsStylized, inspectAgain: typeof inspect): string {
      const { title, parts } = show(this)
      if (parts === undefined) return options.stylize(title, 'special')
      if (depth !== null && depth < 0) return options.stylize(`[${title}]`, 'special')
      return `${options.stylize(title, 'special')} ${inspectAgain(parts, { ...options, depth })}`
    },
  })
}
