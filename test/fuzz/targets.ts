import type { FuzzTarget } from './fuzz-target.js'
import { broker } from './broker.js'
import { gateways } from './gateways.js'
import { nodes } from './nodes.js'

/** All that can be fuzzed. */
export const TARGETS: readonly FuzzTarget[] = [nodes, gateways, broker]
