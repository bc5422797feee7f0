// The modules that threads and processes begin with. They are named here, since a bundle has all that starts one at its
// top.
import { expectModuleFormat } from '@zera/core/internal'

expectModuleFormat('@zera/actors', import.meta.url)

/** Of a thread that hosts actors. */
export const HOST_THREAD = new URL('./host/host-thread.js', import.meta.url)

/** Of a thread that runs jobs. */
export const JOB_THREAD = new URL('./jobs/inside/job-thread.js', import.meta.url)

/** Of a process that lends its threads to the system that started it. */
export const NODE_PROCESS = new URL('./nodes/lender/node-process.js', import.meta.url)
