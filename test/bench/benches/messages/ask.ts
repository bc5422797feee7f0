import type { Bench } from '../../bench.js'
import { comedyAsking } from '../../peers/comedy.js'
import { comlinkAsking } from '../../peers/comlink.js'
import { messagePortAsking } from '../../peers/message-port.js'
import { poolAsking } from '../../peers/peer.js'
import { piscinaPool } from '../../peers/pools/piscina.js'
import { workerpoolPool } from '../../peers/pools/workerpool.js'
import { zeraAsking } from '../../peers/zera.js'
import { roundTripContender, roundTripFigures } from './round-trip.js'

/** Questions to another thread, each as soon as the one before is answered. */
export const ask: Bench = {
  name: 'ask',
  title: 'Questions to another thread, back to back',
  figures: roundTripFigures({ p50: 0.8, p99: 1.5 }),
  baselines: ['MessagePort'],
  findings:
    'Of 27 µs ZeroMQ takes 13: a native send 2.5 µs and a native receive 4 on each side, both with a call into the kernel, since the peer is idle. A MessagePort needs 20 µs in all here; where the targets were first measured it needed 66, and a fourth of that was more than the native calls. The rest is 7 µs of JavaScript a side, most of it reading the frame; a thread that looks for the ring sees it in time in 98 turns of 100. A third of the p99 is the turn of the event loop that timers and IO get every two milliseconds. The difference is the price of sockets instead of a ring of shared memory.',
  contenders: [
    roundTripContender({ system: 'zera', isOurs: true }, () => zeraAsking(), 0),
    roundTripContender({ system: 'MessagePort' }, () => messagePortAsking(), 0),
    roundTripContender({ system: 'piscina' }, async () => poolAsking(await piscinaPool(1)), 0),
    roundTripContender({ system: 'workerpool' }, async () => poolAsking(await workerpoolPool(1)), 0),
    roundTripContender({ system: 'comlink' }, comlinkAsking, 0),
    roundTripContender({ system: 'comedy' }, comedyAsking, 0),
  ],
}
