import {
  FUNCTION,
  NUMBER,
  SIGNAL,
  expectNumber,
  withoutUndefined,
  expectOptions,
  optionNames,
} from '@zera/core/internal'
import type { Props, WaitOptions } from '../protocol.js'
import { type SpawnOptions, SPAWN_OPTION_NAMES } from '../supervision/child-spec.js'
import { expectPathName } from '../supervision/path-name.js'
import type { PoolBounds } from './pool-size.js'
import type { Recycling } from './recycling.js'
import { ROUTE_NAMES, type RouteName } from './routes.js'

const MAX_WORKERS = 1024

/**
 * How to start a pool. Its workers are supervised like any actor, with the same options; defaults are in
 * `DEFAULT_CHILD_SPEC`.
 */
export interface PoolOptions<A extends object> extends SpawnOptions<A> {
  /**
   * How many workers it has, or the bounds within which that number follows the length of their mailboxes. Default: as
   * many as the system has threads for `shared` actors, at least 1.
   */
  readonly size?: number | PoolBounds | undefined
  /** Which worker handles a message. Default `'least-busy'`. */
  readonly route?: RouteName | undefined
  /**
   * Makes the argument of each worker's `onStart` from its index, instead of the same `props` for all. Indexes start at
   * 0; a replacement gets the index of the worker that it replaces.
   */
  readonly propsOf?: ((index: number) => Props<A>) | undefined
  /** When fresh workers replace old ones. Default: never. */
  readonly recycle?: Recycling | undefined
}

/** The props of the workers of a pool, in one of two forms: needed if `onStart` needs them. */
export type PoolProps<A extends object> =
  | { readonly props: Props<A> }
  | { readonly propsOf: (index: number) => Props<A> }
  | (undefined extends Props<A> ? unknown : never)

const POOL_OPTIONS = optionNames<PoolOptions<{ onStart(props: unknown): void }> & WaitOptions>({
  ...SPAWN_OPTION_NAMES,
  size: true,
  route: true,
  propsOf: FUNCTION,
  recycle: true,
  signal: SIGNAL,
  timeoutMs: NUMBER,
})

/** @throws {TypeError} When they are none, or one is unknown. */
export function expectPoolOptions(options: object): void {
  expectOptions('start a pool', options, POOL_OPTIONS)
}

/** @throws {RangeError} When they are none. */
export function expectPoolBounds(action: string, { min, max }: PoolBounds): void {
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max < min || max > MAX_WORKERS)
    throw new RangeError(
      `Cannot ${action}: its size must be whole numbers from 1 to ${MAX_WORKERS}, min not above max, not ${min} to ${max}`,
    )
}

const BOUNDS = optionNames<PoolBounds>({ min: true, max: true })
const RECYCLING = optionNames<Recycling>({ afterMessages: true, heapGrowthMb: true, rssGrowthMb: true })

type PlannedOptions = Omit<PoolOptions<object>, 'props' | 'propsOf'> & {
  readonly props?: unknown
  readonly propsOf?: unknown
}

/**
 * Checks what TypeScript cannot check, and fills in the defaults.
 *
 * @throws {RangeError}
 * @throws {TypeError}
 */
export function poolPlan(options: PlannedOptions): {
  bounds: PoolBounds
  route: RouteName
  recycle: Recycling
} {
  const { name, size = 1, route = 'least-busy', recycle = {}, placement, props, propsOf } = options
  if (typeof size !== 'number') expectOptions('start a pool: size', size, BOUNDS)
  expectOptions('start a pool: recycle', recycle, RECYCLING)
  const bounds = typeof size === 'number' ? { min: size, max: size } : size
  if (name !== undefined) expectPathName('start a pool', 'name', name)
  expectPoolBounds('start a pool', bounds)
  if (propsOf !== undefined && props !== undefined)
    throw new TypeError('Cannot start a pool: it has props and propsOf; pass one of them')
  if (!ROUTE_NAMES.includes(route))
    throw new RangeError(`Cannot start a pool: route must be ${ROUTE_NAMES.join(', ')}, not ${route}`)
  for (const [limit, value] of Object.entries(withoutUndefined(recycle)))
    expectNumber('start a pool', `recycle.${limit}`, value, { above: 0 })
  if (
    recycle.heapGrowthMb !== undefined &&
    placement !== 'own-thread' &&
    placement !== 'own-process' &&
    !(typeof placement === 'object' && 'ownThread' in placement)
  ) {
    throw new TypeError(
      "Cannot start a pool: recycle.heapGrowthMb watches the heap of a thread; use placement: 'own-thread' or 'own-process'",
    )
  }
  if (recycle.rssGrowthMb !== undefined && placement !== 'own-process') {
    throw new TypeError(
      "Cannot start a pool: recycle.rssGrowthMb watches the memory of a process; use placement: 'own-process'",
    )
  }
  return { bounds, route, recycle }
}
