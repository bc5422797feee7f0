import { constants } from 'node:vm'
import { messageOf, toError, type LoadGate } from '@zera/core/internal'
import { JobFunctionError, JobNotFoundError } from '../../model/errors.js'
import { scriptOf, TEXT_FILE } from '../../model/jobs/function-text.js'
import { findJob, jobNotDefined, type JobSource } from '../../model/jobs/job.js'
import { missingName } from '../../model/jobs/missing-name.js'
import { importModule } from '../../model/modules/import-module.js'
import { importProblem } from '../../model/modules/import-problem.js'

/** What a thread runs. */
type LoadedJob = (...args: unknown[]) => unknown

/**
 * Texts are cached, since the same function comes repeatedly. A program that creates functions on the fly must not fill
 * the heap with them.
 */
const MAX_TEXTS = 256
const texts = new Map<string, LoadedJob>()

/**
 * Finds what a job runs.
 *
 * @throws {JobNotFoundError} When its module cannot be imported, or neither defines nor exports such a job or
 * function.
 */
export async function loadJob(source: JobSource, gate: LoadGate): Promise<LoadedJob> {
  return source.kind === 'text' ? textJob(source.text, source.name) : await moduleJob(source.url, source.name, gate)
}

async function moduleJob(url: string, name: string, gate: LoadGate): Promise<LoadedJob> {
  let exports: object
  try {
    exports = await importModule(url, gate)
  } catch (error) {
    throw new JobNotFoundError(name, url, importProblem(url, error), { cause: toError(error) })
  }
  const job = findJob(exports, url, name)
  if (typeof job !== 'function') throw new JobNotFoundError(name, url, jobNotDefined(url))
  return job as LoadedJob
}

function textJob(text: string, name: string): LoadedJob {
  const known = texts.get(text)
  if (known !== undefined) return known
  const script = scriptOf(text, { importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER })
  const job = script.runInThisContext() as LoadedJob
  if (texts.size >= MAX_TEXTS) texts.clear()
  const guarded: LoadedJob = async (...args) => {
    try {
      return await job(...args)
    } catch (error) {
      throw isMissingName(error) ? new JobFunctionError(name, missingName(messageOf(error)), { cause: error }) : error
    }
  }
  texts.set(text, guarded)
  return guarded
}

/**
 * Whether the text itself, and not something that it calls, uses a name that is not there: it has closed over
 * something.
 */
function isMissingName(thrown: unknown): boolean {
  const error = toError(thrown)
  return error instanceof ReferenceError && error.stack?.split('\n')[1]?.includes(TEXT_FILE) === true
}
