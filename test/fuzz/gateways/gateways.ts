import type { FuzzReport, FuzzTarget } from '../fuzz-target.js'
import { attackGateway } from './gateway-attack.js'

/** What clients and a gateway say to each other. */
export const gateways: FuzzTarget = {
  name: 'gateways',
  what: 'a gateway that clients and strangers send nonsense, while others are served, with CURVE and without',
  async *fuzz(options): AsyncGenerator<FuzzReport> {
    for (const hasKeys of [false, true]) yield await attackGateway(options, hasKeys)
  },
}
