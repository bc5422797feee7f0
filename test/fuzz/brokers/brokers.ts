import type { FuzzReport, FuzzTarget } from '../fuzz-target.js'
import { attackBroker } from './broker-attack.js'

/** What clients and workers say to a broker. */
export const brokers: FuzzTarget = {
  name: 'brokers',
  what: 'a Majordomo broker that clients and workers send nonsense to, with CURVE and without',
  async *fuzz(options): AsyncGenerator<FuzzReport> {
    for (const hasKeys of [false, true]) yield await attackBroker(options, { hasKeys })
  },
}
