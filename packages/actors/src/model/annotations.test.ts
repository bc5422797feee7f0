import { expectTypeOf, test } from 'vitest'
import type {
  ActorContext,
  ActorDefinition,
  ActorDown,
  ActorRef,
  AskTimeoutError,
  ChildSpec,
  DeadLetter,
  DefinitionOptions,
  LogLine,
  NodeRefusedError,
  PoolOptions,
  SpawnOptions,
  SuperviseOptions,
  Supervisor,
  System,
  SystemOptions,
  SystemReceipt,
  SystemSnapshot,
} from '../index.js'
import type { ChildStatus } from '../system/supervision/supervisor.js'
import type { SystemStopOptions } from '../system/system.js'
import type { DeadLetterStatistics } from '../system/undelivered/dead-letters.js'
import type { CancelOutcome, CancelSpec } from './cancel-spec.js'
import type { NodeRefusal } from './errors.js'
import type { DeadLetterReason } from './events/dead-letter.js'
import type { ActorSnapshot, ChildSnapshot, HostSnapshot, SnapshotOptions, Waiting } from './events/snapshot.js'
import type { ActorReceipt, ChildReceipt } from './events/system-receipt.js'
import type { ComputeLimits } from './jobs/compute-options.js'
import type { LogData, LogOptions } from './log.js'
import type { MailboxSpec, MailboxStatistics } from './mailbox-spec.js'
import type { HeartbeatOptions } from './nodes/node-options.js'
import type { PoolBounds } from './pools/pool-size.js'
import type { Recycling } from './pools/recycling.js'
import type { RouteName } from './pools/routes.js'
import type { Asker, Streamer, Tell } from './protocol.js'
import type { ActorDownReason } from './supervision/actor-down.js'
import type { Backoff } from './supervision/backoff.js'
import type { AutoShutdown } from './supervision/supervisor-spec.js'
import type { StopPhase } from './time/stop-limit.js'

class Counter {
  add(by: number): number {
    return by
  }
}

/** The names of parts are not exported: programs annotate with these, and they must go on leading to them. */
test('types of parts are reached by the types that have them', () => {
  expectTypeOf<ActorRef<Counter>['tell']>().toEqualTypeOf<Tell<Counter>>()
  expectTypeOf<ActorRef<Counter>['ask']>().toEqualTypeOf<Asker<Counter>>()
  expectTypeOf<ActorRef<Counter>['stream']>().toEqualTypeOf<Streamer<Counter>>()
  expectTypeOf<ActorContext['mailbox']>().toEqualTypeOf<MailboxStatistics>()
  expectTypeOf<ActorDefinition<Counter>['mailbox']>().toEqualTypeOf<MailboxSpec>()
  expectTypeOf<DefinitionOptions<Counter>['cancel']>().toEqualTypeOf<
    { readonly [K in keyof CancelSpec]?: CancelSpec[K] | undefined } | undefined
  >()
  expectTypeOf<AskTimeoutError['cancellation']>().toEqualTypeOf<CancelOutcome>()
  expectTypeOf<NodeRefusedError['refusal']>().toEqualTypeOf<NodeRefusal>()
  expectTypeOf<ActorDown['reason']>().toEqualTypeOf<ActorDownReason>()
  expectTypeOf<DeadLetter['reason']>().toEqualTypeOf<DeadLetterReason>()
  expectTypeOf<System['deadLetters']['statistics']>().toEqualTypeOf<DeadLetterStatistics>()
  expectTypeOf<Supervisor['children'][number]>().toEqualTypeOf<ChildStatus>()
  expectTypeOf<SuperviseOptions['autoShutdown']>().toEqualTypeOf<AutoShutdown | undefined>()
  expectTypeOf<SpawnOptions<Counter>['backoff']>().toEqualTypeOf<Backoff | undefined>()
  expectTypeOf<ChildSpec['shutdownMs']>().toEqualTypeOf<number | 'kill' | undefined>()
  expectTypeOf<PoolOptions<Counter>['size']>().toEqualTypeOf<number | PoolBounds | undefined>()
  expectTypeOf<PoolOptions<Counter>['recycle']>().toEqualTypeOf<Recycling | undefined>()
  expectTypeOf<PoolOptions<Counter>['route']>().toEqualTypeOf<RouteName | undefined>()
  expectTypeOf<SystemOptions['compute']>().toEqualTypeOf<ComputeLimits | undefined>()
  expectTypeOf<SystemOptions['heartbeat']>().toEqualTypeOf<HeartbeatOptions | undefined>()
  expectTypeOf<SystemOptions['log']>().toEqualTypeOf<LogOptions | false | undefined>()
  expectTypeOf<LogLine['data']>().toEqualTypeOf<LogData | undefined>()
  expectTypeOf<SystemReceipt['phase']>().toEqualTypeOf<StopPhase>()
  expectTypeOf<SystemReceipt['actors'][number]>().toEqualTypeOf<ActorReceipt>()
  expectTypeOf<SystemReceipt['stopped'][number]>().toEqualTypeOf<ChildReceipt>()
  expectTypeOf<SystemSnapshot['hosts'][number]>().toEqualTypeOf<HostSnapshot>()
  expectTypeOf<SystemSnapshot['tree'][number]>().toEqualTypeOf<ChildSnapshot>()
  expectTypeOf<NonNullable<SystemSnapshot['tree'][number]['actor']>>().toEqualTypeOf<ActorSnapshot>()
  expectTypeOf<ActorSnapshot['waitsFor'][number]>().toEqualTypeOf<Waiting>()
  expectTypeOf<Parameters<System['snapshot']>[0]>().toEqualTypeOf<SnapshotOptions | undefined>()
  expectTypeOf<System['stop']>().toBeCallableWith({ timeoutMs: 1 } satisfies SystemStopOptions)
})
