/**
 * What Zera's own packages need of core, and its tests: all that users import, and what moves messages under it. It may
 * change with any version.
 *
 * @module
 */
export type { LinkedSelf } from './thread/inside/linked-self.js'
export type { BlockHandle } from './link/blocks/blocks.js'
export { describeCopies, joinCopies, type Copy } from './base/runtime/copies.js'
export { caughtUp } from './base/time/caught-up.js'
export { decodeValues, encodeValues } from './codec/codec.js'
export type { CodecExtension } from './codec/extension.js'
export { MalformedMessageError } from './codec/malformed-message-error.js'
export { describeDown, type Down, type DownReason } from './base/errors/down.js'
export { freshEndpoint, parseEndpoint, type Endpoint } from './native/endpoint.js'
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
  type OpenResource,
  type ProcessEnd,
  type ResourceKind,
} from './base/errors/errors.js'
export { guardHeap } from './words/heap-guard.js'
export { expectHeapMb } from './words/heap-limits.js'
export { interruptSignal, InterruptError, type InterruptOptions, type InterruptSignal } from './base/time/interrupt.js'
export { Barrier, Latch } from './words/latch.js'
export { LoadGate, MAX_LOADING_MS } from './words/load-gate.js'
export { LINK_LIMITS, REMOTE_LIMITS } from './base/values/limits.js'
export { blocksOf, type LinkBlocks } from './thread/pipe/link-codec.js'
export { SharedBlock } from './link/blocks/shared-block.js'
export { expectDescriptors, isShortage, MODULE_DESCRIPTORS, roomForLink } from './words/descriptors.js'
export { endMeeting, noteLink } from './link/meeting/late-bind.js'
export { createLinkEnds, haveMet, unsettledMessages, writeOffMessages, type LinkEnd } from './link/link-end.js'
export { Link } from './link/link.js'
export { keepLateErrorsPostable } from './base/errors/late-error.js'
export type { LinkReceiver } from './link/link-receiver.js'
export { exportOf, exportsOf } from './base/runtime/module-exports.js'
export { cancellable, type Cancellable } from './base/time/cancellable.js'
export { callerClock, catchUp, every, systemClock, whenDue, within, type Clock } from './base/time/clock.js'
export { aborted, isTimeout, onAbort } from './base/time/on-abort.js'
export { expectMs } from './base/values/expect-ms.js'
export { optimisations, type Optimisation } from './base/runtime/optimisations.js'
export { RowBatch, type RowShape } from './link/row-batch.js'
export type { LinkStatistics } from './link/link-receiver.js'
export type { Remains, Returned } from './link/link-receiver.js'
export { FrameSequence, type SequenceEnds } from './remote/frame-sequence.js'
export {
  accountOf,
  remoteEnd,
  remoteTerms,
  type RemoteAccount,
  type RemoteEnd,
  type RemoteTerms,
} from './remote/remote-end.js'
export { RemoteLink, type PlugRemote, type RemoteWire, type TakeFrames } from './remote/remote-link.js'
export type { RemoteDoorOptions, RemoteSecurity } from './remote/remote-options.js'
export { RemoteSockets } from './remote/remote-sockets.js'
export type { LinkOutbox } from './link/outbox.js'
export type { Progress } from './link/link-receiver.js'
export { parseJson } from './base/values/parse-json.js'
export type {
  Authenticate,
  AuthenticateOptions,
  AuthenticationRequest,
  AuthenticationVerdict,
} from './curve/authenticate.js'
export { startAuthentication, type Authentication } from './curve/authentication.js'
export { readKeys, readPublicKey, writeKeys, type KeyFiles } from './curve/key-files.js'
export { createKeys, isCurveKey, publicKeyOf, type CurveKeys } from './curve/keys.js'
export {
  curveClient,
  secureServer,
  type CurveClient,
  type CurveServer,
  type ServerSecurity,
} from './curve/server-security.js'
export { type ConnectionCounts, type CutReason } from './sockets/connection-counts.js'
export type { Peer } from './sockets/peer.js'
export type { ListeningLimits } from './sockets/options/listening-limits.js'
export { configureContext, type ContextSettings } from './native/context-settings.js'
export { PairSocket } from './native/pair-socket.js'
export type { Pollable } from './base/receiving/pollable.js'
export { Poller, signalSource, Ticker, type PollCall, type PollerOptions } from './base/receiving/poller.js'
export { descriptorSource, streamSource, type StreamSource } from './base/receiving/stream-source.js'
export { Queue } from './base/values/fifo-queue.js'
export { isLocal, reachOf, type Reach } from './sockets/reach.js'
export { reactor, type Reactor } from './link/reactor/reactor.js'
export {
  expectNoLeaks,
  openResources,
  trackResource,
  trackSource,
  type ResourceSource,
} from './base/owning/resources.js'
export { Scope, type Release } from './base/owning/scope.js'
export * as realTimers from './base/runtime/real-timers.js'
export { inRootContext, stepInRootContext } from './base/runtime/root-context.js'
export type { Signal } from './link/signal.js'
export { words } from './words/this-thread.js'
export { describeThrown, describeValue, isError, messageOf, toError } from './base/errors/thrown.js'
export { guarded, throwUncaught } from './base/errors/uncaught.js'
export { outcomeOf, type Leftovers, type ThreadReceipt } from './thread/thread-receipt.js'
export type { Frame, Frames, Sendable } from './sockets/messages/frames.js'
export { MESSAGE_LIMITS } from './sockets/messages/frames.js'
export { SOCKET_LIMITS } from './sockets/options/socket-limits.js'
export type { Cause, Diagnosis, Finding, PatientSocket } from './sockets/diagnosis.js'
export { renderDiagnosis } from './sockets/diagnosis.js'
export { doctor } from './sockets/here/doctor.js'
export {
  unwrapPublication,
  wrapPublication,
  type PublicationEnvelope,
} from './sockets/messages/publication-envelope.js'
export { unwrapRequest, wrapReply, type RequestEnvelope } from './sockets/messages/request-envelope.js'
export {
  AddressError,
  HostUnreachableError,
  isRetriable,
  ResourceLimitError,
  SocketStateError,
  WouldBlockError,
  ZmqError,
} from './sockets/socket-errors.js'
export { openPump } from './sockets/here/pump/open-pump.js'
export type { DrainOptions, Pump, PumpSocket } from './sockets/here/pump/pump.js'
export type { PumpOptions, PumpRule, PumpSocketOptions } from './sockets/options/pump-options.js'
export type { LaneStatistics, PumpStatistics } from './sockets/pump-statistics.js'
export type { MonitorOptions, SocketMonitor } from './sockets/socket-event.js'
export type { HandshakeFailure, SocketEvent, SocketEventType } from './sockets/socket-event.js'
export type { SocketOptions } from './sockets/options/socket-options.js'
export { SOCKET_TRAITS, type SocketTraits, type SocketType } from './native/socket-type.js'
export { openSocket } from './sockets/here/open-socket.js'
export type {
  NamedConnect,
  PluggableSocket,
  ReceivingSocket,
  RoutingSocket,
  SendingSocket,
  Sockets,
  SocketStatistics,
  SubscribingSocket,
} from './sockets/socket.js'
export type { ReceiveCall } from './base/receiving/pollable.js'
export type { Service, StartService, StopOptions } from './base/owning/service.js'
export {
  startDetached,
  startProcess,
  type Detached,
  type DetachedOptions,
  type ProcessOptions,
} from './thread/starter/detached/detached.js'
export type { DetachedProcess } from './thread/starter/detached/detached-process.js'
export type { DetachedSelf } from './thread/inside/detached-self.js'
export { startLinkedThread } from './thread/starter/start-thread.js'
export { expectWorkerSettings, type WorkerSettings } from './thread/starter/worker-settings.js'
export { expectName } from './base/values/expect-name.js'
export { LineBudget, type LineLimits } from './base/values/line-budget.js'
export { startOwned } from './base/owning/owned-service.js'
export { enterOwner, expectOwner, leaveOwner, unowned, type Owner } from './base/owning/owner.js'
export { stayAlive } from './base/runtime/stay-alive.js'
export type { LinkedThread } from './thread/starter/linked-thread.js'
export type { ThreadOptions } from './thread/starter/thread-options.js'
export { Waiters } from './base/values/waiters.js'
