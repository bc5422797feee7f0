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
export type { ActorDoing, BlackBoxEntry, BlackBoxReport, Handling } from './model/events/black-box-report.js'
export { DEFAULT_CANCEL, type CancelOutcome, type CancelSpec } from './model/cancel-ladder.js'
export type { Timer } from './model/time/clock.js'
export type { ComputeLimits, ComputeOptions } from './model/jobs/compute-options.js'
export { defineJob, type Job, type JobDefinition } from './model/jobs/job.js'
export type { ContainerSetup } from './actor/container.js'
export type { Inject } from './model/definition.js'
export { ActorContext, actorContext } from './model/actor-context.js'
export type { DeadLetter, DeadLetterReason } from './model/events/dead-letter.js'
export type { DeadLetters, DeadLetterStatistics } from './system/dead-letters.js'
export { defineActor, type ActorClass, type ActorFactory, type DefinitionOptions } from './model/definition.js'
export type { ActorDefinition } from './model/actor-definition.js'
export { defineTopic, type HearingMethod, type Topic, type TopicRef } from './model/refs/topic.js'
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
} from './model/errors.js'
export type { LogData, Logger, LogLevel, LogLine, LogOptions, LogSink } from './model/log.js'
export type { MailboxStatistics } from './model/mailbox-spec.js'
export { DEFAULT_MAILBOX, type MailboxSpec, type Overflow } from './model/mailbox-spec.js'
export type { NodeRefusal } from './model/errors.js'
export { RefusedMessageError } from './model/refused-message.js'
export { NODE_LIMITS } from './model/nodes/node-limits.js'
export { DEFAULT_HEARTBEAT, type HeartbeatOptions, type NodeOptions } from './model/nodes/node-options.js'
export type { ActorIdentity, ChildIdentity, EventStream, SystemEvent, SystemEvents } from './model/events/events.js'
export type {
  ActorOf,
  Ask,
  Asker,
  AskOptions,
  Lifecycle,
  MethodName,
  Props,
  Stream,
  Streamer,
  StreamOptions,
  Tell,
} from './model/protocol.js'
export type { ActorRef } from './model/refs/ref.js'
export type { PoolOptions } from './model/pools/pool-options.js'
export type { PoolBounds } from './model/pools/pool-size.js'
export type { Recycling } from './model/pools/recycling.js'
export type { RouteName } from './model/pools/routes.js'
export type { ActorDown, ActorDownReason } from './model/supervision/actor-down.js'
export type { Backoff } from './model/supervision/backoff.js'
export {
  child,
  DEFAULT_CHILD_SPEC,
  type ActorChild,
  type ChildSpec,
  type Placement,
  type Restart,
  type SpawnOptions,
} from './model/supervision/child-spec.js'
export type { ChildState } from './model/supervision/child-spec.js'
export type { ChildStatus, SuperviseOptions, Supervisor } from './system/supervision/supervisor.js'
export {
  DEFAULT_SUPERVISOR,
  type AutoShutdown,
  type Strategy,
  type SupervisorOptions,
} from './model/supervision/supervisor-spec.js'
export type { SupervisorSpec } from './model/supervision/child-spec.js'
export type { StopPhase } from './model/time/stop-limit.js'
export type { ActorReceipt, ChildReceipt, PartReceipt, SystemReceipt } from './model/events/system-receipt.js'
export type { Watch } from './model/refs/watch.js'
export type { SystemOptions } from './system/system-options.js'
export type {
  ActorSnapshot,
  ChildSnapshot,
  HostSnapshot,
  ProcessSnapshot,
  SnapshotOptions,
  SystemSnapshot,
  Waiting,
} from './model/events/snapshot.js'
export { startSystem } from './system/start-system.js'
export type { System, SystemStopOptions } from './system/system.js'
export { withTraceparent } from './messaging/tracing/trace-context.js'
