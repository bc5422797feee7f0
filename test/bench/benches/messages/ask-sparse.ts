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
    'The wakes are those of a MessagePort: two threads that only wake each other take 33 µs. The rest is JavaScript that V8 has not compiled yet: after 60,000 other questions the same one takes 76 µs instead of 120, and its p99 is 0.6 ms instead of 2 and more, measured in turn on one machine with MessagePort at 31. Until then V8 compiles on the same two cores, in threads of its own, and each of them may hold a question up for one to five milliseconds, at any of its steps. Compiling at once (`--always-sparkplug`), keeping bytecode (`--no-flush-bytecode`), and looking at the heap less often made no measurable difference. Fewer functions in a turn would help.',
  contenders: [
    roundTripContender({ system: 'zera', isOurs: true }, () => zeraAsking(), 1),
    roundTripContender({ system: 'MessagePort' }, () => messagePortAsking(), 1),
  ],
}
