import type { Bench } from '../../bench.js'
import { killedThreads, newHosts } from '../../peers/zera-starts.js'
import { COLD_WORKER, STARTS_FIGURE, startsContender } from './starts.js'

/** Threads that are started from nothing. */
export const start: Bench = {
  name: 'start',
  title: 'A new thread until it is ready, against the first message of a bare Worker that has loaded zeromq',
  figures: [{ ...STARTS_FIGURE, targets: [{ of: 'ratio', limit: 1.4 }] }],
  baselines: [COLD_WORKER.system],
  findings:
    'Of what a host needs beyond a bare Worker, V8 compiling 500 KB of text anew is a third; what runs for the first time in the thread, its links, its guardian and its first message, is most of the rest. It loads 9 files, which were 37, and Node loads no modules of its own for exports that no code uses: together a quarter of the processor time of loading. Comments left out of the bundle, what starts systems loaded where one is started, and reflect-metadata, `node:crypto` and `node:child_process` loaded when they are wanted had brought it from 2.5 before. A quarter of the text, which is what links processes and opens sockets, is loaded by every host, and needed by few. Node 20 has no cache of compiled code for ES modules.',
  contenders: [
    startsContender({ system: 'zera, a host for an actor', isOurs: true }, newHosts),
    startsContender({ system: 'zera, an actor whose thread died', isOurs: true }, () => killedThreads(0)),
    COLD_WORKER,
  ],
}
