import type { Bench } from '../bench.js'
import { forwarder, queue, streamer } from './devices.js'
import { durable, durablePostgres } from './durable.js'
import { growthActors, growthHosts, growthPayload } from './growth.js'
import { idle } from './idle.js'
import { mainBlocked } from './main-blocked.js'
import { manyActors } from './many-actors.js'
import { askBusy, askHosts, askOneCore } from './messages/ask-crowded.js'
import { askSparse } from './messages/ask-sparse.js'
import { ask } from './messages/ask.js'
import { stream } from './messages/stream.js'
import { tellInside } from './messages/tell-inside.js'
import { tell } from './messages/tell.js'
import { payloadsInFlight, payloadsOneWay, payloadsStream, payloadsTrip } from './payloads/payloads.js'
import { restart } from './starts/restart.js'
import { spawn } from './starts/spawn.js'
import { start } from './starts/start.js'
import { cpu, cpu10 } from './tasks/cpu.js'
import { demonstration } from './tasks/demonstration.js'
import { pool1024, pool64 } from './tasks/pool.js'
import { observer, times } from './times.js'

/** All benchmarks, in the order in which they run. A new one is a file in this folder, and a word here. */
export const BENCHES: readonly Bench[] = [
  tell,
  tellInside,
  ask,
  askHosts,
  askOneCore,
  askBusy,
  askSparse,
  pool1024,
  pool64,
  cpu,
  cpu10,
  demonstration,
  payloadsTrip,
  payloadsInFlight,
  payloadsOneWay,
  payloadsStream,
  stream,
  spawn,
  start,
  restart,
  manyActors,
  idle,
  times,
  observer,
  mainBlocked,
  growthHosts,
  growthActors,
  growthPayload,
  queue,
  streamer,
  forwarder,
  durable,
  durablePostgres,
]
