import { expectNumber } from '@zera/core/internal'
import type { Strategy, SupervisorOptions } from './supervisor-spec.js'

/** How an actor supervises the children that it spawns. Defaults are in `DEFAULT_SUPERVISOR`. */
export type ChildrenSpec = Omit<SupervisorOptions, 'autoShutdown'>

const STRATEGIES: readonly Strategy[] = ['one-for-one', 'one-for-all', 'rest-for-one']

/**
 * Checks what a definition says about the children of its actors.
 *
 * @throws {RangeError} When a number is negative or not a number, or the strategy is unknown.
 * @throws {TypeError} When it is not an object.
 */
export function childrenSpec(options: ChildrenSpec): ChildrenSpec {
  if (typeof options !== 'object' || (options as unknown) === null)
    throw new TypeError('Cannot define an actor: children must be { strategy, maxRestarts, periodMs, backoff }')
  const { strategy, maxRestarts, periodMs, backoff } = options
  if (strategy !== undefined && !STRATEGIES.includes(strategy))
    throw new RangeError(`Cannot define an actor: children.strategy must be ${STRATEGIES.join(', ')}, not ${strategy}`)
  if (backoff !== undefined && (typeof backoff !== 'object' || (backoff as unknown) === null))
    throw new TypeError('Cannot define an actor: children.backoff must be { firstMs, factor, maxMs }')
  for (const [name, number] of Object.entries({ maxRestarts, periodMs, ...backoff })) {
    if (number !== undefined) expectNumber('define an actor', `${name} of children`, number)
  }
  return { strategy, maxRestarts, periodMs, backoff }
}
