import { inRootContext, keepLateErrorsPostable, toError, words } from '@zera/core/internal'
import { cloneable } from '../messaging/format/cloneable-error.js'
import type { JobOrder, JobReport } from '../model/jobs/job-threads.js'
import { buffersOf, readPayload, writePayload } from '../model/jobs/payload.js'
import { loadJob } from './load-job.js'
import { gateOf, moving } from './piscina-threads.js'

keepLateErrorsPostable()

/**
 * Runs one job, in a thread of its own while it lasts. It never throws: a result that cannot be posted would end the
 * thread.
 */
export default async function runJob({ source, args, movesResult, gate }: JobOrder): Promise<JobReport> {
  try {
    const job = await loadJob(source, gate === undefined ? words.loads : gateOf(gate))
    const result = writePayload([await inRootContext(() => job(...readPayload(args)))])
    return movesResult ? moving({ result }, buffersOf(result)) : { result }
  } catch (error) {
    return { error: writePayload([cloneable(toError(error))]) }
  }
}
