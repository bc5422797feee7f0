/**
 * What Zera's other packages and their tests need of core: what moves messages under it, and names of users for threads
 * that shall not begin to follow owners. It may change with any version.
 *
 * @module
 */
export type { LinkedSelf } from './thread/inside/linked-self.js'
export type { BlockHandle } from './link/blocks/blocks.js'
export { describeCopies, joinCopies, type Copy } from './base/runtime/copies.js'
export { decodeValues, encodeValues, putTogether, takeApart } from './codec/codec.js'
export type { CodecExtension } from './codec/extension.js'
export { OwnBinaries } from './codec/own-binaries.js'
export type { Binaries } from './codec/parts.js'
export { readText, writeText } from './codec/text-form.js'
export { LONG_TEXT_CHARS } from './codec/block-form.js'
export { MalformedMessageError } from './codec/malformed-message-error.js'
export { describeDown, type Down, type DownReason } from './base/errors/down.js'
export { maxSocketPathBytes, parseEndpoint, type Endpoint } from './native/endpoint.js'
export {
  ClientListRequiredError,
  CurveRequiredError,
  EndpointError,
  KeyFileError,
  NoClientListError,
  NotCloneableError,
  offenderIn,
  whenSending,
  DescriptorLimitError,
  MessageTooLargeError,
  PipeClosedError,
  PipeFullError,
  ScopeClosedError,
  SocketError,
  ThreadStartError,
  WaitTimeoutError,
  ZeraError,
} from './base/errors/errors.js'
export { guardHeap } from './words/heap-guard.js'
export { expectHeapMb } from './words/heap-limits.js'
export { interruptSignal } from './base/time/interrupt.js'
export { VITE_ALIASES, type ViteAliases } from './modules/typescript/vite-aliases.js'
export { importUserModule } from './modules/import-user-module.js'
export { LoadGate, MAX_LOADING_MS } from './words/load-gate.js'
export { LINK_LIMITS } from './base/values/limits.js'
export { blocksOf, type LinkBlocks } from './thread/pipe/link-codec.js'
export { SharedBlock } from './link/blocks/shared-block.js'
export { expectDescriptors, isShortage, MODULE_DESCRIPTORS, roomForLink } from './words/descriptors.js'
export { endMeeting, noteLink } from './link/meeting/late-bind.js'
export {
  createLinkEnds,
  haveMet,
  readLedgers,
  unsettledMessages,
  writeOffMessages,
  type LinkEnd,
} from './link/link-end.js'
export { NO_MESSAGES, sumOfAccounts, underWay, type MessageAccount } from './link/ledger.js'
export { Link } from './link/link.js'
export { keepLateErrorsPostable } from './base/errors/late-error.js'
export type { LinkReceiver } from './link/link-receiver.js'
export { exportOf, exportsOf } from './base/runtime/module-exports.js'
export { expectModuleUrl, moduleUrl } from './base/runtime/module-url.js'
export { expectModuleFormat, expectOwnModule } from './base/runtime/own-module.js'
export { cancellable, type Cancellable } from './base/time/cancellable.js'
export { catchUp, every, systemClock, whenDue, within, type Clock } from './base/time/clock.js'
export { aborted, onAbort, settledOrAborted, whenAborted } from './base/time/on-abort.js'
export { waitFor, type WaitOptions } from './base/time/wait.js'
export { rejectedSoon } from './base/time/rejected-soon.js'
export { didYouMean } from './base/values/did-you-mean.js'
export { expectMs, expectNumber, outOfRange } from './base/values/expect-number.js'
export { withoutUndefined, type Filled, type Optional } from './base/values/filled.js'
export { showAs } from './base/values/show-as.js'
export { isStreamed, type Streamed } from './base/values/streamed.js'
export { expectOptions, optionNames, type OptionNames } from './base/values/options/known-options.js'
export { FLAG, FUNCTION, NUMBER, oneOf, SIGNAL, TEXT, type OptionKind } from './base/values/options/option-kinds.js'
export { optimisations } from './base/runtime/optimisations.js'
export { RowBatch, type RowShape } from './link/batches/row-batch.js'
export type { Head, MessageFormat } from './link/batches/message-format.js'
export type { Remains, Returned } from './link/link-receiver.js'
export { FrameSequence } from './remote/frame-sequence.js'
export {
  accountOf,
  remoteEnd,
  remoteTerms,
  type RemoteAccount,
  type RemoteEnd,
  type RemoteTerms,
} from './remote/remote-end.js'
export { RemoteLink, type TakeFrames } from './remote/remote-link.js'
export type { RemoteDoorOptions, RemoteSecurity } from './remote/remote-options.js'
export { RemoteSockets } from './remote/remote-sockets.js'
export type { LinkOutbox, Way } from './link/outbox.js'
export type { Progress } from './link/link-receiver.js'
export { parseJson } from './base/values/parse-json.js'
export { readKeys, readPublicKey } from './curve/key-files.js'
export { createKeys, isCurveKey } from './curve/keys.js'
export {
  curveClient,
  secureServer,
  type CurveClient,
  type CurveServer,
  type ServerSecurity,
} from './curve/server-security.js'
export type { ConnectionCounts } from './sockets/connection-counts.js'
export type { ListeningLimits } from './sockets/options/listening-limits.js'
export { Queue } from './base/collections/fifo-queue.js'
export { isLocal, reachOf, type Reach } from './sockets/reach.js'
export { reactor } from './link/reactor/reactor.js'
export { openResources, trackResource, trackSource } from './base/owning/resources.js'
export { Scope, type Release } from './base/owning/scope.js'
export * as realTimers from './base/runtime/real-timers.js'
export { inRootContext, stepInRootContext } from './base/runtime/root-context.js'
export { unknownSignal, type HandOver, type Signal, type SignalSender } from './link/signal.js'
export { seed, words } from './words/this-thread.js'
export { describeThrown, describeValue, isError, messageOf, toError } from './base/errors/thrown.js'
export { guarded, throwUncaught } from './base/errors/uncaught.js'
export { outcomeOf, type Leftovers, type ThreadReceipt } from './thread/thread-receipt.js'
export { openPump } from './sockets/here/pump/open-pump.js'
export type { DrainOptions, Pump, PumpSocket } from './sockets/here/pump/pump.js'
export { atCaller, callerLines, rejectedAtCaller, rejectToCaller, type Verb } from './base/errors/caller-lines.js'
export type { PumpRule, PumpSocketOptions } from './sockets/options/pump-options.js'
export type { PumpStatistics } from './sockets/pump-statistics.js'
export { hideSocket, type HiddenSocket } from './sockets/hidden-socket.js'
export { openSocket } from './sockets/here/open-socket.js'
export type { Sockets } from './sockets/socket.js'
export { DEFAULT_STOP_MS, stopMs, type Service, type StartService, type StopOptions } from './base/owning/service.js'
export { startProcess } from './thread/starter/detached/detached.js'
export type { DetachedProcess } from './thread/starter/detached/detached-process.js'
export type { ProcessSelf } from './thread/inside/detached-self.js'
export { startLinkedThread } from './thread/starter/start-thread.js'
export { expectWorkerSettings, workerSettings, type WorkerSettings } from './thread/starter/worker-settings.js'
export { expectName } from './base/values/expect-name.js'
export { LineBudget, type LineLimits } from './base/values/line-budget.js'
export { enterOwner, expectOwner, leaveOwner, unowned, type Owner } from './base/owning/owner.js'
export { stayAlive } from './base/runtime/stay-alive.js'
export type { LinkedThread } from './thread/starter/linked-thread.js'
export type { ThreadOptions } from './thread/starter/thread-options.js'
export { UsageError } from './base/errors/usage-error.js'
export { SlotMap } from './base/collections/slot-map.js'
export { Waiters } from './base/values/waiters.js'
