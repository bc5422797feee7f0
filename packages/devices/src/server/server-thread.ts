import { openSocket, unwrapRequest, wrapReply, type AttachedThread, type Frames, type Sendable } from '@zera/core'
import { exportOf, importUserModule, inRootContext, systemClock, words } from '@zera/core/internal'
import { resultOf } from '../base/call-result.js'
import { DeviceLog } from '../base/device-log.js'
import { WorkerFailures } from '../broker/peers/worker-failure.js'
import { replyFrames } from '../broker/peers/worker-reply.js'
import { writeErrorReply } from '../broker/protocol/error-reply.js'
import type { ServerSeed } from './server-seed.js'

/** What a request handler gets besides the request. */
export interface ServerCall {
  /** The thread's name, which is the same in each of its lives. */
  readonly thread: string
  /** What `startServer` was given as `data`. */
  readonly data: unknown
  /** Aborts when the server is stopping: finish, and return. */
  readonly signal: AbortSignal
}

/**
 * Answers one request, given its frames. The server logs on stderr what it throws, and the client gets the error
 * `failed` without the text, unless the error has `expose: true`.
 */
export type RequestHandler = (request: Frames, call: ServerCall) => Sendable | Promise<Sendable>

/** A thread of a server: it says that it is ready, and answers one request at a time. */
export default async function serverThread(thread: AttachedThread): Promise<void> {
  const { handler, endpoint, routingId, data } = thread.data as ServerSeed
  const handle = exportOf(await words.loads.load(() => importUserModule(handler)), 'default')
  if (typeof handle !== 'function')
    throw new TypeError(
      `${handler} has no function as its default export; a server's module exports (request) => reply`,
    )
  const call = { thread: thread.name, data, signal: thread.stopping }
  const failures = new WorkerFailures(
    thread.name,
    new DeviceLog(`server thread ${thread.name}`, systemClock, undefined),
    undefined,
  )
  await using socket = await openSocket('DEALER', { routingId })
  await socket.connect(endpoint)
  await socket.send(['', 'READY'])
  thread.ready()
  for (;;) {
    const [, ...request] = await socket.receive({ signal: thread.stopping }).catch((error: unknown) => {
      if (thread.stopping.aborted) return []
      throw error
    })
    if (request.length === 0) return
    const { addresses, body } = unwrap(request)
    try {
      await socket.send(['', ...wrapReply(addresses, await answer(handle as RequestHandler, body, call))])
    } catch (error) {
      // The handler has thrown, or its reply is none that can be sent.
      await socket.send(['', ...wrapReply(addresses, writeErrorReply('failed', failures.threw(error)))])
    }
  }
}

/** A DEALER that asks without an empty frame gets its reply with one, as it has asked a REP. */
function unwrap(request: Frames): { readonly addresses: Frames; readonly body: Frames } {
  if (request.every(frame => frame.byteLength > 0)) return { addresses: request.slice(0, 1), body: request.slice(1) }
  const { addresses, body } = unwrapRequest(request)
  return { addresses: [...addresses], body: [...body] }
}

async function answer(
  handle: RequestHandler,
  body: Frames,
  call: ServerCall,
): Promise<readonly (string | Uint8Array)[]> {
  const { value } = await resultOf(inRootContext(() => handle(body, call)))
  return replyFrames(value, Infinity)
}
