import { Session, type HeapProfiler, type Profiler } from 'node:inspector'
import { realTimers } from '@zera/core/internal'

/** Milliseconds for an answer of the inspector. A thread that is in native code gives none. */
const ANSWER_MS = 3000

/** Why there is no profile. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError'
}

/** Sends commands to one thread. */
type Post = (method: string, params?: object) => Promise<unknown>

/** Records something of a thread until `recorded` has resolved. */
type Recording<P> = (post: Post, recorded: () => Promise<void>) => Promise<P>

/** Where the time of a thread goes. */
export const recordTime: Recording<Profiler.Profile> = async (post, recorded) => {
  await post('Profiler.enable')
  await post('Profiler.setSamplingInterval', { interval: 1000 })
  await post('Profiler.start')
  await recorded()
  const { profile } = (await post('Profiler.stop')) as Profiler.StopReturnType
  await post('Profiler.disable')
  return profile
}

/** What a thread takes from its heap and still has at the end, by the code that took it. */
export const recordHeap: Recording<HeapProfiler.SamplingHeapProfile> = async (post, recorded) => {
  await post('HeapProfiler.enable')
  await post('HeapProfiler.startSampling', { samplingInterval: 16_384 })
  await recorded()
  const { profile } = (await post('HeapProfiler.stopSampling')) as HeapProfiler.StopSamplingReturnType
  await post('HeapProfiler.disable')
  return profile
}

let last: Promise<unknown> = Promise.resolve()

/**
 * Records what a thread of this process does, also when it spins, or when main is blocked. One after the other: each
 * session that is open would hold the end of the process.
 *
 * @param threadId Its number in Node; 0 is main.
 * @param recorded Resolves when it was recorded long enough.
 * @throws {ProfileError} When the thread does not answer, or is gone.
 */
export function profileThread<P>(threadId: number, what: Recording<P>, recorded: () => Promise<void>): Promise<P> {
  const profiling = last.then(() => record(threadId, what, recorded))
  last = profiling.catch(() => undefined)
  return profiling
}

async function record<P>(threadId: number, what: Recording<P>, recorded: () => Promise<void>): Promise<P> {
  const session = new Session()
  try {
    session.connectToMainThread()
    return await what(threadId === 0 ? postTo(session) : await attach(session, threadId), recorded)
  } finally {
    session.disconnect()
  }
}

function postTo(session: Session): Post {
  return (method, params = {}) =>
    answered(
      method,
      new Promise((resolve, reject) => {
        session.post(method, params, (error, result) => {
          if (error === null) resolve(result)
          else reject(new ProfileError(`Cannot profile the thread: ${error.message}`))
        })
      }),
    )
}

/** Reaches a thread that main has started. Main's inspector does that also while main is blocked. */
async function attach(session: Session, threadId: number): Promise<Post> {
  const post = postTo(session)
  const found = new Promise<string>(resolve => {
    session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
      // `workerId` counts the threads of this session; the title is `[worker 2] name`, or `Worker 2`.
      if (Number(/worker (\d+)/iu.exec(workerInfo.title)?.[1]) === threadId) resolve(sessionId)
    })
  })
  await post('NodeWorker.enable', { waitForDebuggerOnStart: false })
  const sessionId = await answered(`thread ${threadId}`, found)
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    if (params.sessionId !== sessionId) return
    const { id, result, error } = JSON.parse(params.message) as {
      id?: number
      result?: unknown
      error?: { message: string }
    }
    const asked = id === undefined ? undefined : waiting.get(id)
    if (id !== undefined) waiting.delete(id)
    if (error === undefined) asked?.resolve(result)
    else asked?.reject(new ProfileError(`Cannot profile the thread: ${error.message}`))
  })
  let number = 0
  return (method, params = {}) => {
    const id = ++number
    return answered(
      method,
      new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method, params }) }).catch(
          reject,
        )
      }),
    )
  }
}

async function answered<T>(what: string, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = realTimers.setTimeout(
      () =>
        reject(new ProfileError(`Cannot profile the thread: it gave no answer to ${what}; it may be in native code`)),
      ANSWER_MS,
    )
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    realTimers.clearTimeout(timer)
  }
}
