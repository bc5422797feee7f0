/**
 * Actors for multithreaded Node.js: a plain class is an actor, its methods are its messages, and no thread's death
 * takes the process with it.
 *
 * ```ts
 * import { startSystem } from '@zera/actors'
 * import Counter from './counter.js'
 *
 * await using system = await startSystem({ threads: 2 })
 * const counter = await system.spawn(Counter, { name: 'counter' })
 * counter.tell.add(1)
 * console.log(await counter.ask.add(2)) // 3
 * ```
 *
 * @module
 */
export type { Address } from './model/address.js'
export { DEFAULT_CANCEL } from './model/cancel-spec.js'
export type { Cancellable } from '@zera/core/internal'
export type { ComputeOptions } from './model/jobs/compute-options.js'
export { defineJob, type Job, type JobDefinition } from './model/jobs/job.js'
export type { ContainerSetup } from './actor/container.js'
export type { Inject } from './model/definition.js'
export { ActorContext, actorContext } from './model/actor-context.js'
export type { DeadLetter } from './model/events/dead-letter.js'
export { defineActor, type DefinitionOptions } from './model/definition.js'
export type { ActorDefinition } from './model/actor-definition.js'
export { defineTopic, type Topic, type TopicRef } from './model/refs/topic.js'
export type { GroupRef } from './model/refs/group.js'
export {
  ActorDownError,
  ActorRestartedError,
  ActorStartError,
  ActorStoppedError,
  AskAbortedError,
  AskTimeoutError,
  ChildIdTakenError,
  ChildStartError,
  ComputeQueueFullError,
  ComputeThreadError,
  ComputeTimeoutError,
  ContainerError,
  ObserverError,
  DefinitionError,
  JobFunctionError,
  JobNotFoundError,
  LogSinkError,
  ModuleRefusedError,
  LinkedActorDownError,
  LinkError,
  IgnoredSignalError,
  MailboxFullError,
  NameTakenError,
  NotADescendantError,
  NodeFaultError,
  NodeFolderError,
  NodeLimitError,
  NodeRefusedError,
  NodeUnreachableError,
  NoSuchChildError,
  NoSuchNodeError,
  NotMainThreadError,
  RestartLimitError,
  SystemStoppedError,
  UnknownMethodError,
  WaitTimeoutError,
} from './model/errors.js'
export {
  ActorFencedError,
  NotDurableError,
  StateNotKeptError,
  SqlRefusedError,
  MessageNotKeptError,
  StoreUnavailableError,
} from './model/durability/durability-errors.js'
export type { Store } from './model/durability/store.js'
export type { Logger, LogLevel, LogLine, LogSink } from './model/log.js'
export { DEFAULT_MAILBOX } from './model/mailbox-spec.js'
export { RefusedMessageError } from './model/refused-message.js'
export { NODE_LIMITS } from './model/nodes/node-limits.js'
export { DEFAULT_HEARTBEAT, type NodeOptions } from './model/nodes/node-options.js'
export type { ActorIdentity, EventStream, SystemEvent, SystemEvents } from './model/events/events.js'
export type { ActorOf, AskOptions, Lifecycle, MethodName, Props, StreamOptions } from './model/protocol.js'
export type { ActorRef } from './model/refs/ref.js'
export type { PoolOptions } from './model/pools/pool-options.js'
export type { ActorDown } from './model/supervision/actor-down.js'
export {
  child,
  DEFAULT_CHILD_SPEC,
  type ChildSpec,
  type Placement,
  type Restart,
  type SpawnOptions,
} from './model/supervision/child-spec.js'
export type { SuperviseOptions, Supervisor } from './system/supervision/supervisor.js'
export type { Backoff } from './model/supervision/backoff.js'
export { DEFAULT_SUPERVISOR, type Strategy, type SupervisorOptions } from './model/supervision/supervisor-spec.js'
export type { SupervisorSpec } from './model/supervision/child-spec.js'
export type { SystemReceipt } from './model/events/system-receipt.js'
export type { WaitOptions } from './model/protocol.js'
export type { SystemOptions } from './system/system-options.js'
export type { SystemSnapshot } from './model/events/snapshot.js'
export type { MethodTimes, TimesOptions } from './model/times/method-times.js'
export type { Observer, ObserverOptions } from './model/observing/observer-options.js'
export { startSystem } from './system/start-system.js'
export type { System } from './system/system.js'
export { withTraceparent } from './messaging/tracing/trace-context.js'
