import type { Bench } from '../../bench.js'
import { messagePortAsking } from '../../peers/message-port.js'
import { zeraAsking } from '../../peers/zera.js'
import { roundTripContender, roundTripFigures } from './round-trip.js'

/** Questions to a thread that sleeps in between, as the asker does. */
export const askSparse: Bench = {
  name: 'ask-sparse',
  title: 'Questions to another thread, one a millisecond',
  figures: roundTripFigures({ p50: 1.3 }),
  baselines: ['MessagePort'],
  findings:
    'After a millisecond of sleep everything is cold: the four native calls alone take 80 µs instead of 13, two thirds of the whole trip of a MessagePort, and the JavaScript of a turn 40 to 160 µs a side instead of 7. Compiling it at once (`--always-sparkplug`), keeping its bytecode (`--no-flush-bytecode`), and looking at the heap less often made no measurable difference. Fewer functions in a turn would help.',
  contenders: [
    roundTripContender({ system: 'zera', isOurs: true }, () => zeraAsking(), 1),
    roundTripContender({ system: 'MessagePort' }, () => messagePortAsking(), 1),
  ],
}
