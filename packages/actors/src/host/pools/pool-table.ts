import type { RouteName } from '../../model/pools/routes.js'
import type { RefData } from '../../model/refs/ref.js'

/** The members of a pool, as the main thread tells all hosts. */
export interface PoolTable {
  readonly id: number
  readonly route: RouteName
  readonly workers: readonly RefData[]
}
