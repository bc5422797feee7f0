import { NUMBER, expectNumber, expectOptions, optionNames } from '@zera/core/internal'
import { expectBackoff } from './backoff.js'
import type { Strategy, SupervisorOptions } from './supervisor-spec.js'

/** How an actor supervises the children that it spawns. Defaults are in `DEFAULT_SUPERVISOR`. */
export type ChildrenSpec = Omit<SupervisorOptions, 'autoShutdown'>

const CHILDREN_OPTIONS = optionNames<ChildrenSpec>({
  strategy: true,
  maxRestarts: true,
  periodMs: NUMBER,
  backoff: true,
})
const STRATEGIES: readonly Strategy[] = ['one-for-one', 'one-for-all', 'rest-for-one']

/**
 * Checks what a definition says about the children of its actors.
 *
 * @throws {RangeError} When a number is negative or not a number, or the strategy is unknown.
 * @throws {TypeError} When it is not an object.
 */
export function childrenSpec(options: ChildrenSpec): ChildrenSpec {
  expectOptions('define an actor: children', options, CHILDREN_OPTIONS)
  const { strategy, maxRestarts, periodMs, backoff } = options
  if (strategy !== undefined && !STRATEGIES.includes(strategy))
    throw new RangeError(`Cannot define an actor: children.strategy must be ${STRATEGIES.join(', ')}, not ${strategy}`)
  if (backoff !== undefined) expectBackoff('define an actor: children', backoff)
  for (const [name, number] of Object.entries({ maxRestarts, periodMs, ...backoff })) {
    if (number !== undefined) expectNumber('define an actor', `${name} of children`, number)
  }
  return { strategy, maxRestarts, periodMs, backoff }
}
