import { brokers } from './brokers.js'
import type { FuzzTarget } from './fuzz-target.js'
import { gateways } from './gateways.js'
import { nodes } from './nodes.js'

/** All that can be fuzzed. */
export const TARGETS: readonly FuzzTarget[] = [nodes, gateways, brokers]
