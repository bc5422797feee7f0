import type { Bench } from '../bench.js'
import { comedyOneWay } from '../peers/comedy.js'
import { batchedMessagePortOneWay, messagePortOneWay } from '../peers/message-port.js'
import { ERLANG, LIBZMQ } from '../peers/native.js'
import { zeraOneWay } from '../peers/zera.js'
import { ONE_WAY_FIGURE, oneWayContender } from './one-way.js'

/** Small messages to an actor on another thread. */
export const tell: Bench = {
  name: 'tell',
  title: 'Small messages one way to another thread, plain data',
  figures: [{ ...ONE_WAY_FIGURE, targets: [{ of: 'ratio', limit: 6 }] }],
  baselines: ['MessagePort'],
  findings:
    'The thread that sends is the limit: in a profile (`node --cpu-prof`) the one that receives is idle for 40 % of the time. Of what the sender does, 15 % is waking the receiver, 15 % putting values into rows, 12 % the texts of rows and frames, 5 % the account of the link; ZeroMQ itself takes 2 %. As text (`ZERA_WITHOUT=rows`) a message costs nearly three times as much. Tried without gain: looking for a ring for 0.25 and 0.6 ms in place of 0.1, frames of 128 and 256 messages. A codec that is declared was not built: shapes are learned, so it would save nothing but the check of a value against its shape, 4 %.',
  contenders: [
    oneWayContender({ system: 'zera', isOurs: true }, zeraOneWay),
    oneWayContender({ system: 'MessagePort' }, messagePortOneWay),
    oneWayContender({ system: 'MessagePort, JSON texts of 256' }, () => batchedMessagePortOneWay(256)),
    oneWayContender({ system: 'comedy' }, comedyOneWay),
    oneWayContender({ system: 'Erlang', absence: ERLANG.absence }, ERLANG.start),
    oneWayContender({ system: 'libzmq in C', absence: LIBZMQ.absence }, LIBZMQ.start),
  ],
}
