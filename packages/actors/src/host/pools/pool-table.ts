import type { RefData } from '../../model/ref.js'
import type { RouteName } from '../../model/pools/routes.js'

/** Who belongs to a pool, as the main thread tells all hosts. */
export interface PoolTable {
  readonly id: number
  readonly route: RouteName
  readonly workers: readonly RefData[]
}

/** What pools are at in place of a host: their messages go to the hosts of their workers. */
export const POOL_HOST = -1

/** The id of what keeps the tables, on each host. */
export const POOL_TABLES = 4
