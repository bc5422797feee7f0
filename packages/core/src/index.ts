/**
 * Threads for Node.js that talk over ZeroMQ and may die at any moment without taking the process along.
 *
 * ```ts
 * import { startThread } from '@zera/core'
 *
 * await using thread = await startThread(new URL('./worker.js', import.meta.url))
 * thread.pipe.send({ order: 7 })
 * for await (const answer of thread.pipe) console.log(answer)
 * ```
 *
 * @module
 */
import { followOwners } from './base/owning/owner.js'

// What users import opens things, so from here on this thread knows whose code runs. The modules of actors import `internal.ts`, so that a thread whose actors open nothing pays nothing for it.
followOwners()

// Threads, in this process and in one of their own.
export type { AttachedThread } from './thread/attached-thread.js'
export type { DetachedSelf } from './thread/inside/detached-self.js'
export { startDetached, type Detached } from './thread/starter/detached/detached.js'
export type { Pipe } from './thread/pipe/pipe.js'
export { startThread } from './thread/starter/start-thread.js'
export type { ThreadOptions } from './thread/starter/thread-options.js'
export type { ThreadReceipt } from './thread/thread-receipt.js'
export type { ThreadSignals } from './thread/thread-signals.js'
export type { Thread } from './thread/thread.js'

// Sockets.
export { configureContext } from './native/context-settings.js'
export { freshEndpoint } from './native/endpoint.js'
export { SOCKET_TRAITS, type SocketType } from './native/socket-type.js'
export { renderDiagnosis, type Diagnosis } from './sockets/diagnosis.js'
export { doctor } from './sockets/here/doctor.js'
export { openSocket } from './sockets/here/open-socket.js'
export { MESSAGE_LIMITS, type Frame, type Frames, type Sendable } from './sockets/messages/frames.js'
export { unwrapPublication, wrapPublication } from './sockets/messages/publication-envelope.js'
export { unwrapRequest, wrapReply } from './sockets/messages/request-envelope.js'
export { SOCKET_LIMITS } from './sockets/options/socket-limits.js'
export type { SocketOptions } from './sockets/options/socket-options.js'
export {
  AddressError,
  HostUnreachableError,
  isRetriable,
  ResourceLimitError,
  WouldBlockError,
  ZmqError,
} from './sockets/socket-errors.js'
export type { SocketEvent } from './sockets/socket-event.js'
export type { ReceivingSocket, SendingSocket, Sockets } from './sockets/socket.js'

// Waiting for several things at once.
export type { Pollable } from './base/receiving/pollable.js'
export { Poller, signalSource, Ticker } from './base/receiving/poller.js'
export { descriptorSource, streamSource } from './base/receiving/stream-source.js'

// Memory that threads share.
export { SharedBlock } from './link/blocks/shared-block.js'
export { Barrier, Latch } from './words/latch.js'

// Encryption, and which peers may connect.
export type { Authenticate } from './curve/authenticate.js'
export { startAuthentication } from './curve/authentication.js'
export { readKeys, readPublicKey, writeKeys } from './curve/key-files.js'
export { createKeys, publicKeyOf, type CurveKeys } from './curve/keys.js'
export {
  curveClient,
  secureServer,
  type CurveClient,
  type CurveServer,
  type ServerSecurity,
} from './curve/server-security.js'

// What is open, and who closes it.
export { startOwned } from './base/owning/owned-service.js'
export { unowned } from './base/owning/owner.js'
export { expectNoLeaks, openResources, trackResource } from './base/owning/resources.js'
export { Scope } from './base/owning/scope.js'
export type { Service, StartService, StopOptions } from './base/owning/service.js'

// Time and interruption.
export type { Cancellable } from './base/time/cancellable.js'
export type { Clock } from './base/time/clock.js'
export type { WaitOptions } from './base/time/wait.js'
export { InterruptError, interruptSignal } from './base/time/interrupt.js'

// Limits.
export { LINK_LIMITS } from './base/values/limits.js'

// Errors.
export { describeDown, type Down } from './base/errors/down.js'
export {
  AuthenticationError,
  BlockGoneError,
  BlockLocalError,
  DescriptorLimitError,
  DescriptorSourceError,
  HeapLimitError,
  KeyFileError,
  MemoryLimitError,
  MessageTooLargeError,
  NotCloneableError,
  PipeClosedError,
  PipeFullError,
  ProcessDownError,
  ScopeClosedError,
  SocketError,
  ThreadStartError,
  WaitTimeoutError,
  ZeraError,
} from './base/errors/errors.js'
export { MalformedMessageError } from './codec/malformed-message-error.js'
