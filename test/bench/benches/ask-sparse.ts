import type { Bench } from '../bench.js'
import { messagePortAsking } from '../peers/message-port.js'
import { zeraAsking } from '../peers/zera.js'
import { roundTripContender, roundTripFigures } from './round-trip.js'

/** Questions to a thread that sleeps in between, as the asker does. */
export const askSparse: Bench = {
  name: 'ask-sparse',
  title: 'Questions to another thread, one a millisecond',
  figures: roundTripFigures({ p50: 1.3 }),
  baselines: ['MessagePort'],
  contenders: [roundTripContender({ system: 'zera', isOurs: true }, zeraAsking, 1), roundTripContender({ system: 'MessagePort' }, messagePortAsking, 1)],
}
