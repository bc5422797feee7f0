import { inRootContext, keepLateErrorsPostable, toError, whenSending, words } from '@zera/core/internal'
import { cloneable } from '../../model/cloneable-error.js'
import type { JobOrder, JobReport } from '../../model/jobs/job-threads.js'
import { buffersOf, readPayload, writePayload, type Payload } from '../../model/jobs/payload.js'
import { takeForOwnThread } from '../../model/modules/import-module.js'
import { gateAt, Piscina } from '../piscina.js'
import { loadJob } from './load-job.js'

keepLateErrorsPostable()
takeForOwnThread()

/**
 * Runs one job, in a thread of its own while it lasts. It never throws: a result that cannot be posted would end the
 * thread.
 */
export default async function runJob({ source, args, movesResult, gate }: JobOrder): Promise<JobReport> {
  try {
    const job = await loadJob(source, gate === undefined ? words.loads : gateAt(Piscina.workerData as Int32Array, gate))
    const result = written(await inRootContext(() => job(...readPayload(args))), source.name)
    return movesResult ? moving({ result }, buffersOf(result)) : { result }
  } catch (error) {
    return { error: writePayload([cloneable(toError(error))]) }
  }
}

function written(result: unknown, job: string): Payload {
  try {
    return writePayload([result])
  } catch (error) {
    throw whenSending(job === '' ? 'the result of the job' : `the result of job ${job}`, error)
  }
}

/** A report whose buffers are moved. */
function moving(report: JobReport, buffers: readonly ArrayBuffer[]): JobReport {
  return Piscina.move({
    [Piscina.transferableSymbol]: buffers,
    [Piscina.valueSymbol]: report,
  } as never) as unknown as JobReport
}
