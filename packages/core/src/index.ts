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
export { AttachedThread, type ThreadMain } from './attached-thread.js'
export type { BlockHandle } from './blocks.js'
export { describeCopies, joinCopies, type Copy } from './copies.js'
export { caughtUp } from './caught-up.js'
export { decodeValues, encodeValues, type CodecExtension } from './codec/codec.js'
export { MalformedMessageError } from './codec/malformed-message-error.js'
export { describeDown, type Down, type DownReason } from './down.js'
export { freshEndpoint, parseEndpoint, type Endpoint } from './endpoint.js'
export {
  AuthenticationError,
  AuthenticatorRequiredError,
  BlockGoneError,
  BlockLocalError,
  ClientListRequiredError,
  CurveRequiredError,
  EndpointError,
  EnvelopeError,
  HeapLimitError,
  KeyFileError,
  LeakError,
  MemoryLimitError,
  NotCloneableError,
  DescriptorLimitError,
  DescriptorSourceError,
  MessageTooLargeError,
  PipeClosedError,
  PipeFullError,
  ProcessDownError,
  ScopeClosedError,
  SocketError,
  ThreadStartError,
  ZeraError,
  type ProcessEnd,
} from './errors.js'
export { guardHeap } from './heap-guard.js'
export { expectHeapMb } from './heap-limits.js'
export { interruptSignal, InterruptError, type InterruptOptions, type InterruptSignal } from './interrupt.js'
export { Barrier, Latch } from './latch.js'
export { LoadGate, MAX_LOADING_MS } from './load-gate.js'
export { LINK_LIMITS, REMOTE_LIMITS } from './limits.js'
export { blocksOf, type LinkBlocks } from './link-codec.js'
export { SharedBlock } from './shared-block.js'
export { expectDescriptors, isShortage, MODULE_DESCRIPTORS, roomForLink } from './descriptors.js'
export { endMeeting, noteLink } from './late-bind.js'
export { createLinkEnds, haveMet, unsettledMessages, writeOffMessages, type LinkEnd } from './link-end.js'
export { Link } from './link.js'
export { keepLateErrorsPostable } from './late-error.js'
export type { LinkReceiver } from './link-receiver.js'
export { exportOf, exportsOf } from './module-exports.js'
export { onAbort } from './on-abort.js'
export { optimisations, type Optimisation } from './optimisations.js'
export { RowBatch, type RowShape } from './row-batch.js'
export type { LinkStatistics } from './link-statistics.js'
export type { Remains, Returned } from './remains.js'
export { FrameSequence, type SequenceEnds } from './remote/frame-sequence.js'
export { accountOf, remoteEnd, remoteTerms, type RemoteAccount, type RemoteEnd, type RemoteTerms } from './remote/remote-end.js'
export { RemoteLink, type PlugRemote, type RemoteWire, type TakeFrames } from './remote/remote-link.js'
export type { RemoteDoorOptions, RemoteSecurity } from './remote/remote-options.js'
export { RemoteSockets } from './remote/remote-sockets.js'
export type { Progress } from './outbox.js'
export { parseJson } from './parse-json.js'
export type { Authenticate, AuthenticateOptions, AuthenticationRequest, AuthenticationVerdict } from './curve/authenticate.js'
export { startAuthentication, type Authentication } from './curve/authentication.js'
export { readKeys, readPublicKey, writeKeys, type KeyFiles } from './curve/key-files.js'
export { createKeys, isCurveKey, publicKeyOf, type CurveKeys } from './curve/keys.js'
export { curveClient, secureServer, type CurveClient, type CurveServer, type ServerSecurity } from './curve/server-security.js'
export { type ConnectionCounts, type CutReason } from './listening/connection-counts.js'
export type { Peer } from './listening/peer.js'
export type { ListeningLimits } from './listening/listening-limits.js'
export { configureContext, type ContextSettings } from './context-settings.js'
export { PairSocket } from './pair-socket.js'
export { Pipe, type PipeStatistics } from './pipe.js'
export type { Pollable } from './pollable.js'
export { Poller, signalSource, Ticker, type PollCall, type PollerOptions } from './poller.js'
export { descriptorSource, streamSource, type StreamSource } from './stream-source.js'
export { Queue } from './queue.js'
export { isLocal, reachOf, type Reach } from './reach.js'
export { reactor, type Reactor } from './reactor.js'
export { expectNoLeaks, openResources, trackResource, trackSource, type OpenResource, type ResourceKind, type ResourceSource } from './resources.js'
export { Scope, type Release } from './scope.js'
export * as realTimers from './real-timers.js'
export { inRootContext, stepInRootContext } from './root-context.js'
export type { Signal } from './signal.js'
export { words } from './this-thread.js'
export { describeThrown, describeValue, isError, messageOf, toError } from './thrown.js'
export { guarded, throwUncaught } from './uncaught.js'
export type { ThreadSignals } from './thread-signals.js'
export { outcomeOf, type Leftovers, type ThreadReceipt } from './thread-receipt.js'
export type { Frame, Frames, Sendable } from './sockets/frames.js'
export { MESSAGE_LIMITS } from './sockets/frames.js'
export { SOCKET_LIMITS } from './sockets/socket-limits.js'
export type { Cause, Diagnosis, Finding, PatientSocket, Prevention } from './sockets/diagnosis.js'
export { renderDiagnosis } from './sockets/diagnosis.js'
export { doctor } from './sockets/doctor.js'
export { unwrapPublication, wrapPublication, type PublicationEnvelope } from './sockets/publication-envelope.js'
export { unwrapRequest, wrapReply, type RequestEnvelope } from './sockets/request-envelope.js'
export { AddressError, HostUnreachableError, isRetriable, ResourceLimitError, SocketStateError, WouldBlockError, ZmqError } from './sockets/socket-errors.js'
export { openPump } from './sockets/pump/open-pump.js'
export type { DrainOptions, Pump, PumpSocket } from './sockets/pump/pump.js'
export type { PumpOptions, PumpRule, PumpSocketOptions } from './sockets/pump/pump-options.js'
export type { LaneStatistics, PumpStatistics } from './sockets/pump/pump-statistics.js'
export type { MonitorOptions, SocketMonitor } from './sockets/monitor/socket-monitor.js'
export type { HandshakeFailure, SocketEvent, SocketEventType } from './sockets/monitor/socket-event.js'
export type { SocketOptions } from './sockets/socket-options.js'
export { SOCKET_TRAITS, type SocketTraits, type SocketType } from './sockets/socket-type.js'
export {
  openSocket,
  type NamedConnect,
  type PluggableSocket,
  type ReceiveCall,
  type ReceivingSocket,
  type RoutingSocket,
  type SendingSocket,
  type Sockets,
  type SocketStatistics,
  type SubscribingSocket,
} from './sockets/socket.js'
export type { Service, StartService } from './service.js'
export { startDetached, startProcess, type Detached, type DetachedOptions, type DetachedSelf, type ProcessOptions } from './detached.js'
export type { DetachedProcess } from './detached-process.js'
export { startThread } from './start-thread.js'
export { expectWorkerSettings, type WorkerSettings } from './worker-settings.js'
export { expectName } from './expect-name.js'
export { LineBudget, type LineLimits } from './line-budget.js'
export { startOwned } from './owned-service.js'
export { enterOwner, expectOwner, leaveOwner, unowned, type Owner } from './owner.js'
export { stayAlive } from './stay-alive.js'
export type { Thread } from './thread.js'
export type { StopOptions, ThreadOptions } from './thread-options.js'
export { Waiters } from './waiters.js'
