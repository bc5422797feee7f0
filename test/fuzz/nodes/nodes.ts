import type { FuzzReport, FuzzTarget } from '../fuzz-target.js'
import { attackNode } from './node-attack.js'
import { attackSystem } from './system-attack.js'

/** What a system and a node say to each other. */
export const nodes: FuzzTarget = {
  name: 'nodes',
  what: 'a zera node that is sent nonsense, and a system whose nodes answer it, with CURVE and without',
  async *fuzz(options): AsyncGenerator<FuzzReport> {
    for (const attack of [attackNode, attackSystem])
      for (const hasKeys of [false, true]) yield await attack(options, hasKeys)
  },
}
