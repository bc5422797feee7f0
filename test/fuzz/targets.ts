import { brokers } from './brokers/brokers.js'
import type { FuzzTarget } from './fuzz-target.js'
import { gateways } from './gateways/gateways.js'
import { nodes } from './nodes/nodes.js'

/** All that can be fuzzed. */
export const TARGETS: readonly FuzzTarget[] = [nodes, gateways, brokers]
