/**
 * For Zera's own packages that look into a running system. It is no public API, and may change with every release.
 *
 * @module
 */
export { readBlackBox, type BlackBoxReport } from './model/events/black-box-report.js'
export type { ActorIdentity, SystemEvent } from './model/events/events.js'
export type { ChildSnapshot, DurableSnapshot } from './model/events/snapshot.js'
export { bucketOf, endOfBucket, histogramOf, NOTHING_TIMED, type Histogram } from './model/times/histogram.js'
export { differenceOf, keyOf, mergeTimes, readDelay, readTimes, type MethodTimes } from './model/times/method-times.js'
export { isLoopback, type Observer, type ObserverOptions } from './model/observing/observer-options.js'
export { isPrivateFolder } from './nodes/folders/private-folder.js'
export { ObserverError } from './model/errors.js'
export type { DeadLetter } from './model/events/dead-letter.js'
export type { Waiting } from './model/events/snapshot.js'
export type {
  ControlAct,
  HostTimesElsewhere,
  EndedLinks,
  LinkAccount,
  ObservedHost,
  ObservedLetter,
  ObservedPool,
  ObservedSystem,
  SystemCounters,
  TracedMessage,
} from './model/observing/observed-system.js'
export type {
  ActorCommit,
  AnswerReport,
  KeptMessage,
  SqlStatement,
  SqlValue,
  MailReport,
  CommitOutcome,
  CommitReport,
  KeptReport,
  Reminder,
  ReminderChange,
  SentMessage,
  StoreActor,
  Unavailable,
} from './model/durability/store.js'
export { ANSWER_MS, OUTBOX_KEY } from './model/durability/store.js'
export { clockOf } from './model/time/clock-of.js'
export { seededRandom, type Random } from './model/time/random.js'
