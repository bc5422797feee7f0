import type { Bench } from '../bench.js'
import { askSparse } from './ask-sparse.js'
import { ask } from './ask.js'
import { cpu } from './cpu.js'
import { forwarder, queue, streamer } from './devices.js'
import { growthActors, growthHosts, growthPayload } from './growth.js'
import { idle } from './idle.js'
import { mainBlocked } from './main-blocked.js'
import { manyActors } from './many-actors.js'
import { payload } from './payload.js'
import { pool1024, pool64 } from './pool.js'
import { restart } from './restart.js'
import { spawn } from './spawn.js'
import { start } from './start.js'
import { stream } from './stream.js'
import { tellInside } from './tell-inside.js'
import { tell } from './tell.js'

/** All benchmarks, in the order in which they run. A new one is a file next to this one, and a word here. */
export const BENCHES: readonly Bench[] = [
  tell,
  tellInside,
  ask,
  askSparse,
  pool1024,
  pool64,
  cpu,
  payload,
  stream,
  spawn,
  start,
  restart,
  manyActors,
  idle,
  mainBlocked,
  growthHosts,
  growthActors,
  growthPayload,
  queue,
  streamer,
  forwarder,
]
