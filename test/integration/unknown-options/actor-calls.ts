import { child, defineActor, defineJob, defineTopic, startSystem, type ChildSpec, type Store } from '@zera/actors'
import { simulate, startProbe } from '@zera/actors/testing'
import { createKeys } from '@zera/core'
import callers, { Caller } from './actor.js'
import type { ReadyCalls } from './calls.js'

const URL_OF_NONE = new URL('none.js', import.meta.url).href

/** Calls of `@zera/actors`. */
export async function actorCalls(): Promise<ReadyCalls> {
  const system = await startSystem({ threads: 1 })
  const ref = await system.spawn(callers)
  const child1: ChildSpec = { start: callers }
  const supervisor = await system.supervise([{ id: 'one', ...child1 }])
  const group = system.group<Caller>('group')
  const topic = system.topic(defineTopic<string>('topic'))
  const probe = await startProbe(system, callers)
  const backoff = { firstMs: 1, factor: 1, maxMs: 1 }
  const keys = createKeys()
  const store: Store = { definition: callers as never, props: undefined }
  const inActor = async (call: 'compute' | 'lookup' | 'remind' | 'spawn' | 'stop', unknown: object): Promise<void> => {
    const error = await ref.ask[call](unknown)
    if (error instanceof Error) throw error
  }
  const define = (options: object): unknown => defineActor(URL_OF_NONE, Caller, options)
  return {
    calls: {
      'ActorContext.compute': unknown => inActor('compute', unknown),
      'ActorContext.lookup': unknown => inActor('lookup', unknown),
      'ActorContext.remind': unknown => inActor('remind', unknown),
      'ActorContext.spawn': unknown => inActor('spawn', unknown),
      'ActorContext.stop': unknown => inActor('stop', unknown),
      'ActorRef.ready': unknown => ref.ready(unknown),
      Asker: unknown => ref.ask(unknown).text('text'),
      'ChildSpec.placement': unknown => system.spawn(callers, { placement: { ownThread: unknown } }),
      'ChildSpec.placement (node)': unknown => system.spawn(callers, { placement: { node: 'n', ...unknown } }),
      'ChildSpec.start': unknown => system.supervise([{ start: { children: [], ...unknown } }]),
      'DefinitionOptions.cancel': unknown => define({ cancel: unknown }),
      'DefinitionOptions.children': unknown => define({ children: unknown }),
      'DefinitionOptions.durable': unknown => define({ durable: unknown }),
      'DefinitionOptions.mailbox': unknown => define({ mailbox: unknown }),
      'GroupRef.join': unknown => group.join(ref, unknown),
      'GroupRef.leave': unknown => group.leave(ref, unknown),
      'NodeOptions.curve': unknown =>
        startSystem({
          nodes: [{ name: 'n', endpoint: 'tcp://127.0.0.1:1', curve: { keys, serverKey: keys.publicKey, ...unknown } }],
        }),
      'PoolOptions.recycle': unknown => system.startPool(callers, { size: 1, recycle: unknown }),
      'PoolOptions.size': unknown => system.startPool(callers, { size: { min: 1, max: 1, ...unknown } }),
      'SpawnOptions.backoff': unknown => system.spawn(callers, { backoff: { ...backoff, ...unknown } }),
      Streamer: unknown => ref.stream(unknown).texts().next(),
      'Supervisor.add': unknown => supervisor.add({ ...child1, ...unknown }),
      'Supervisor.add (wait)': unknown => supervisor.add({ id: 'two', ...child1 }, unknown),
      'Supervisor.remove': unknown => supervisor.remove('one', unknown),
      'Supervisor.spawn': unknown => supervisor.spawn(callers, unknown),
      'Supervisor.start': unknown => supervisor.start('one', unknown),
      'Supervisor.stop': unknown => supervisor.stop('one', unknown),
      'Supervisor.supervise': unknown => supervisor.supervise([], unknown),
      'SupervisorOptions.backoff': unknown => system.supervise([], { backoff: { ...backoff, ...unknown } }),
      'SupervisorSpec.children': unknown => system.supervise([{ ...child1, ...unknown }]),
      'System.compute': unknown => system.compute((n: number) => n, [1], unknown),
      'System.killHost': unknown => system.killHost(ref, unknown),
      'System.lookup': unknown => system.lookup('nobody', undefined, unknown),
      'System.snapshot': unknown => system.snapshot(unknown),
      'System.spawn': unknown => system.spawn(callers, unknown),
      'System.startPool': unknown => system.startPool(callers, unknown),
      'System.stop': unknown => system.stop(unknown),
      'System.stop (ref)': unknown => system.stop(ref, unknown),
      'System.supervise': unknown => system.supervise([], unknown),
      'System.times': unknown => system.times(unknown),
      'System.watch': unknown => system.watch(ref, unknown),
      'SystemOptions.compute': unknown => startSystem({ compute: unknown }),
      'SystemOptions.heartbeat': unknown => startSystem({ heartbeat: unknown }),
      'SystemOptions.log': unknown => startSystem({ log: unknown }),
      'SystemOptions.observer': unknown => startSystem({ observer: unknown }),
      'SystemOptions.store': unknown => startSystem({ store: { ...store, ...unknown } }),
      'SystemOptions.nodes': unknown => startSystem({ nodes: [{ name: 'n', ...unknown }] }),
      'TestProbe.next': unknown => probe.next(unknown),
      'TopicRef.subscribe': unknown => topic.subscribe(ref, 'text', '', unknown),
      'TopicRef.unsubscribe': unknown => topic.unsubscribe(ref, 'text', '', unknown),
      child: unknown => child(callers, unknown),
      defineActor: unknown => define(unknown),
      defineJob: unknown => defineJob(URL_OF_NONE, function none() {}, unknown),
      simulate: unknown => simulate(unknown, async () => undefined),
      startSystem: unknown => startSystem(unknown),
    },
    [Symbol.asyncDispose]: async () => {
      await system.stop()
    },
  }
}
