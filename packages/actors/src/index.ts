/**
 * Actors for multithreaded Node.js: a plain class is an actor, its methods are its messages, and no thread's death takes the
 * process with it.
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
export type { Address } from './address.js'
export type { ActorDoing, BlackBoxEntry, BlackBoxReport, Handling } from './black-box/black-box-report.js'
export { DEFAULT_CANCEL, type CancelOutcome, type CancelSpec } from './cancel-ladder.js'
export type { Timer } from './clock.js'
export type { ComputeLimits, ComputeOptions } from './compute/compute-options.js'
export { defineJob, type Job, type JobDefinition } from './compute/job.js'
export type { ContainerSetup, Inject } from './container.js'
export { ActorContext, actorContext } from './context.js'
export type { DeadLetter, DeadLetterReason } from './dead-letter.js'
export type { DeadLetters, DeadLetterStatistics } from './dead-letters.js'
export { defineActor, type ActorClass, type ActorDefinition, type ActorFactory, type DefinitionOptions } from './definition.js'
export { defineTopic, type HearingMethod, type Topic, type TopicRef } from './directory/topic.js'
export type { GroupRef } from './directory/group.js'
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
} from './errors.js'
export type { LogData, Logger, LogLevel, LogLine, LogOptions, LogSink } from './log/logger.js'
export type { MailboxStatistics } from './mailbox.js'
export { DEFAULT_MAILBOX, type MailboxSpec, type Overflow } from './mailbox-spec.js'
export type { NodeRefusal } from './nodes/control.js'
export { NODE_LIMITS } from './nodes/node-limits.js'
export { DEFAULT_HEARTBEAT, type HeartbeatOptions, type NodeOptions } from './nodes/node-options.js'
export type { ActorIdentity, ChildIdentity, EventStream, SystemEvent, SystemEvents } from './events.js'
export type { Ask, Asker, AskOptions, Lifecycle, MethodName, Props, Stream, Streamer, StreamOptions, Tell } from './protocol.js'
export type { ActorRef } from './ref.js'
export type { PoolOptions } from './routing/pool-options.js'
export type { PoolBounds } from './routing/pool-size.js'
export type { Recycling } from './routing/recycling.js'
export type { RouteName } from './routing/routes.js'
export type { ActorDown, ActorDownReason } from './supervision/actor-down.js'
export type { Backoff } from './supervision/backoff.js'
export { child, DEFAULT_CHILD_SPEC, type ActorChild, type ChildSpec, type Placement, type Restart, type SpawnOptions } from './supervision/child-spec.js'
export type { ChildState } from './supervision/child.js'
export type { ChildStatus, SuperviseOptions, Supervisor } from './supervision/supervisor.js'
export { DEFAULT_SUPERVISOR, type AutoShutdown, type Strategy, type SupervisorOptions, type SupervisorSpec } from './supervision/supervisor-spec.js'
export type { StopPhase } from './stop-limit.js'
export type { ActorReceipt, ChildReceipt, PartReceipt, SystemReceipt } from './system-receipt.js'
export type { Watch } from './supervision/watching.js'
export type { SystemOptions } from './system-options.js'
export type { ActorSnapshot, ChildSnapshot, HostSnapshot, ProcessSnapshot, SnapshotOptions, SystemSnapshot, Waiting } from './snapshot/snapshot.js'
export { startSystem } from './start-system.js'
export type { System, SystemStopOptions } from './system.js'
export { withTraceparent } from './tracing/trace-context.js'
