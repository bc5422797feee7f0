import { isMainThread } from 'node:worker_threads'
import { importUserModule, seed, systemClock, words, type LoadGate } from '@zera/core/internal'
import { NotMainThreadError } from '../errors.js'
import { testFileError } from './test-file.js'

interface Loading {
  readonly url: string
  readonly refuse: (error: NotMainThreadError) => void
}

/** User modules that are loading in this thread. */
const loading = new Set<Loading>()
/** User modules that tried to start a system: Node would not run them again. */
const refused = new Map<string, NotMainThreadError>()
let isOwnThread = seed !== undefined

/** Says that Zera has started this thread, which is none of core's. */
export function takeForOwnThread(): void {
  isOwnThread = true
}

/**
 * How long `startSystem` in a thread delays its error, in milliseconds. So the importer of the module gets the refusal
 * first, even if the delayed one ends the thread.
 */
const REFUSAL_MS = 50

/**
 * Imports a user module.
 *
 * @throws {NotMainThreadError} When it starts a system in a thread, whatever it does with that error. It throws at
 *   once, and on each import here.
 * @throws {TypeError} When it is a test file, which a thread cannot run.
 */
export async function importModule(url: string, gate: LoadGate = words.loads): Promise<object> {
  if (isMainThread) return gate.load(() => importUserModule(url))
  const refusal = refused.get(url)
  if (refusal !== undefined) throw refusal
  let entry: Loading | undefined
  const starting = new Promise<never>((_resolve, reject) => {
    entry = { url, refuse: reject }
    loading.add(entry)
  })
  const imported = gate.load(() => importUserModule(url))
  const forget = (): void => void loading.delete(entry as Loading)
  imported.then(forget, forget)
  try {
    return await Promise.race([imported, starting])
  } catch (error) {
    // The gate of a job goes to the next job as soon as this one is over. A module that waits for its system is over soon.
    if (gate !== words.loads) await imported.catch(() => undefined)
    throw testFileError(url, error) ?? error
  }
}

/**
 * Refuses to start a system in a thread. It refuses the modules that are loading there, since one of them makes this
 * call. If that module waits for the call at its top level, it gets the error. Otherwise the call stays pending, so
 * that no unhandled rejection ends the rest of the thread.
 *
 * @throws {NotMainThreadError}
 */
export async function refuseSystem(): Promise<never> {
  const error = new NotMainThreadError(isOwnThread)
  const callers = callersOf(error)
  for (const { url, refuse } of callers) {
    refused.set(url, error)
    refuse(error)
  }
  if (callers.length > 0) {
    await new Promise<void>(resolve => systemClock.after(REFUSAL_MS, resolve))
    if (callers.every(caller => !loading.has(caller))) await new Promise<never>(() => undefined)
  }
  throw error
}

/**
 * The modules named in the stack of an error. If there are none, all modules, since one of them loaded the module named
 * there.
 */
function callersOf({ stack = '' }: Error): Loading[] {
  const all = [...loading]
  const named = all.filter(({ url }) => stack.includes(`${url}:`))
  return named.length > 0 ? named : all
}
