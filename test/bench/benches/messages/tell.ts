import type { Bench } from '../../bench.js'
import { comedyOneWay } from '../../peers/comedy.js'
import { batchedMessagePortOneWay, messagePortOneWay } from '../../peers/message-port.js'
import { ERLANG, LIBZMQ } from '../../peers/native/native.js'
import { zeraOneWay } from '../../peers/zera.js'
import { ONE_WAY_FIGURE, oneWayContender } from './one-way.js'

/** Small messages to an actor on another thread. */
export const tell: Bench = {
  name: 'tell',
  title: 'Small messages one way to another thread, plain data',
  figures: [{ ...ONE_WAY_FIGURE, targets: [{ of: 'ratio', limit: 6 }] }],
  baselines: ['MessagePort'],
  findings:
    'Both threads are busy: in a profile (`node --cpu-prof`) the sender is idle for 2 % of the time, the receiver for 11. The sender spends 27 % on putting values into rows, 16 % on the texts of rows, 12 % on the account of the link, 11 % on the call itself, 7 % on checking that values are plain objects and 4 % in ZeroMQ. As text (`ZERA_WITHOUT=rows`) a message costs nearly three times as much. Tried without gain: looking for a ring for 0.25 and 0.6 ms instead of 0.1, frames of 128 and 256 messages. A codec that users declare was not built: the link learns shapes, so such a codec would save little but that check.',
  contenders: [
    oneWayContender({ system: 'zera', isOurs: true }, zeraOneWay),
    oneWayContender({ system: 'MessagePort' }, messagePortOneWay),
    oneWayContender({ system: 'MessagePort, JSON texts of 256' }, () => batchedMessagePortOneWay(256)),
    oneWayContender({ system: 'comedy' }, comedyOneWay),
    oneWayContender({ system: 'Erlang', absence: ERLANG.absence }, ERLANG.start),
    oneWayContender({ system: 'libzmq in C', absence: LIBZMQ.absence }, LIBZMQ.start),
  ],
}
