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
  contenders: [
    oneWayContender({ system: 'zera', isOurs: true }, zeraOneWay),
    oneWayContender({ system: 'MessagePort' }, messagePortOneWay),
    oneWayContender({ system: 'MessagePort, JSON texts of 256' }, () => batchedMessagePortOneWay(256)),
    oneWayContender({ system: 'comedy' }, comedyOneWay),
    oneWayContender({ system: 'Erlang', absence: ERLANG.absence }, ERLANG.start),
    oneWayContender({ system: 'libzmq in C', absence: LIBZMQ.absence }, LIBZMQ.start),
  ],
}
