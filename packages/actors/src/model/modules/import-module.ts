import { isMainThread } from 'node:worker_threads'
import { type LoadGate, words } from '@zera/core/internal'
import { NotMainThreadError } from '../errors.js'
import { systemClock } from '../time/clock.js'

interface Loading {
  readonly url: string
  readonly refuse: (error: NotMainThreadError) => void
}

/** Modules of the user's that are being loaded in this thread. */
const loading = new Set<Loading>()
/** Those that have tried to start a system: Node would not run them again. */
const refused = new Map<string, NotMainThreadError>()

/**
 * How long the start of a system in a thread waits with its error, in milliseconds: whoever wanted the module hears of
 * it first, even if that error ends the thread.
 */
const REFUSAL_MS = 50

/**
 * Imports a module of the user's.
 *
 * @throws {NotMainThreadError} When it starts a system in a thread, whatever it does with its own error: at once, and
 *   each time that it is imported here.
 */
export async function importModule(url: string, gate: LoadGate = words.loads): Promise<object> {
  if (isMainThread) return gate.load(() => import(url) as Promise<object>)
  const refusal = refused.get(url)
  if (refusal !== undefined) throw refusal
  let entry: Loading | undefined
  const starting = new Promise<never>((_resolve, reject) => {
    entry = { url, refuse: reject }
    loading.add(entry)
  })
  const imported = gate.load(() => import(url) as Promise<object>)
  const forget = (): void => void loading.delete(entry as Loading)
  imported.then(forget, forget)
  try {
    return await Promise.race([imported, starting])
  } catch (error) {
    // The gate of a job is the next one's as soon as this one is over. A module that waits for its system is over soon.
    if (gate !== words.loads) await imported.catch(() => undefined)
    throw error
  }
}

/**
 * Refuses to start a system, in a thread. The modules that are being loaded there are refused, since one of them calls
 * this. When that one waits for it at its top level it is given the error; else the call stays pending, so that nothing
 * else of the thread ends with a rejection that nobody handles.
 *
 * @throws {NotMainThreadError}
 */
export async function refuseSystem(): Promise<never> {
  const error = new NotMainThreadError()
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

/** The modules that the stack of an error names; all, where it names none, since one has loaded the one that it names. */
function callersOf({ stack = '' }: Error): Loading[] {
  const all = [...loading]
  const named = all.filter(({ url }) => stack.includes(`${url}:`))
  return named.length > 0 ? named : all
}
