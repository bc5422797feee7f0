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
    'Both threads are at work: in a profile (`node --cpu-prof`) the one that sends is idle for 2 % of the time, the one that receives for 11. Of what the sender does, 27 % is putting values into rows, 16 % the texts of rows, 12 % the account of the link, 11 % the call itself, 7 % checking that values are plain objects, 4 % ZeroMQ. As text (`ZERA_WITHOUT=rows`) a message costs nearly three times as much. Tried without gain: looking for a ring for 0.25 and 0.6 ms in place of 0.1, frames of 128 and 256 messages. A codec that is declared was not built: shapes are learned, so it would save little but that check.',
  contenders: [
    oneWayContender({ system: 'zera', isOurs: true }, zeraOneWay),
    oneWayContender({ system: 'MessagePort' }, messagePortOneWay),
    oneWayContender({ system: 'MessagePort, JSON texts of 256' }, () => batchedMessagePortOneWay(256)),
    oneWayContender({ system: 'comedy' }, comedyOneWay),
    oneWayContender({ system: 'Erlang', absence: ERLANG.absence }, ERLANG.start),
    oneWayContender({ system: 'libzmq in C', absence: LIBZMQ.absence }, LIBZMQ.start),
  ],
}
