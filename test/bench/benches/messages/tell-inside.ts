import type { Bench } from '../../bench.js'
import { nactOneWay } from '../../peers/nact.js'
import { xstateOneWay } from '../../peers/xstate.js'
import { zeraOneWay } from '../../peers/zera.js'
import { ONE_WAY_FIGURE, oneWayContender } from './one-way.js'

/** Small messages to an actor on the same thread. */
export const tellInside: Bench = {
  name: 'tell-inside',
  title: 'Small messages one way inside one thread',
  figures: [{ ...ONE_WAY_FIGURE, targets: [{ of: 'ratio', limit: 3 }] }],
  baselines: ['xstate'],
  findings:
    'A message passes a mailbox with its limits, a turn of the scheduler, the account of what dies with the thread, and the black box; in a profile no function takes more than a sixth. Two changes saved a quarter: counting what can be taken instead of adding up three queues, and remembering the last method. What remains is what makes it safe: the black box alone is about a tenth.',
  contenders: [
    oneWayContender({ system: 'zera', isOurs: true }, () => zeraOneWay('main')),
    oneWayContender({ system: 'xstate' }, xstateOneWay),
    oneWayContender({ system: 'nact' }, nactOneWay),
  ],
}
