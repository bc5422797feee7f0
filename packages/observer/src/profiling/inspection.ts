import { Session, type Profiler } from 'node:inspector'
import { realTimers } from '@zera/core/internal'

/** Milliseconds for an answer of the inspector. A thread that is in native code gives none. */
const ANSWER_MS = 3000

/** Why there is no profile. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError'
}

/** Sends commands to one thread. */
type Post = (method: string, params?: object) => Promise<unknown>

let last: Promise<unknown> = Promise.resolve()

/**
 * Records what a thread of this process does, also when it spins, or when main is blocked. One after the other: each
 * session that is open would hold the end of the process.
 *
 * @param threadId Its number in Node; 0 is main.
 * @param recorded Resolves when it was recorded long enough.
 * @throws {ProfileError} When the thread does not answer, or is gone.
 */
export function profileThread(threadId: number, recorded: () => Promise<void>): Promise<Profiler.Profile> {
  const profiling = last.then(() => record(threadId, recorded))
  last = profiling.catch(() => undefined)
  return profiling
}

async function record(threadId: number, recorded: () => Promise<void>): Promise<Profiler.Profile> {
  const session = new Session()
  try {
    session.connectToMainThread()
    const post = threadId === 0 ? postTo(session) : await attach(session, threadId)
    await post('Profiler.enable')
    await post('Profiler.setSamplingInterval', { interval: 1000 })
    await post('Profiler.start')
    await recorded()
    const { profile } = (await post('Profiler.stop')) as { profile: Profiler.Profile }
    await post('Profiler.disable')
    return profile
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
