import { describe, expectTypeOf, test } from 'vitest'
import {
  actorContext,
  child,
  defineActor,
  defineTopic,
  type ActorContext,
  type ActorOf,
  type ActorRef,
  type GroupRef,
  type MethodName,
  type PoolOptions,
  type Props,
  type SpawnOptions,
  type System,
} from '../index.js'
import type { Ask, Asker, Stream, Streamer, Tell } from './protocol.js'
import type { HearingMethod } from './refs/topic.js'

class Counter {
  #count = 0
  onStart(props: { readonly from: number }): void {
    this.#count = props.from
  }
  add(by: number): number {
    return (this.#count += by)
  }
  onPrice(price: { readonly cents: number }): void {
    this.#count += price.cents
  }
  async *upTo(limit: number): AsyncGenerator<number> {
    while (this.#count < limit) yield ++this.#count
  }
}
class Idle {
  nap(): void {}
}

// As modules export them.
const CounterActor = defineActor(import.meta.url, Counter)
const IdleActor = defineActor(import.meta.url, Idle)
const FromFactory = defineActor(import.meta.url, function fromFactory() {
  return { add: (by: number) => by }
})
type Definition = typeof CounterActor

declare const byClass: ActorRef<Counter>
declare const byDefinition: ActorRef<Definition>
declare const system: System

/** What stands here is compiled, and not run. */
function compiled(_uses: () => unknown): void {}

describe('the type of a definition as the type of its actor', () => {
  test('ActorOf is what it makes, and what is no definition itself', () => {
    expectTypeOf<ActorOf<Definition>>().toEqualTypeOf<Counter>()
    expectTypeOf<ActorOf<Counter>>().toEqualTypeOf<Counter>()
    expectTypeOf<ActorOf<Counter | Idle>>().toEqualTypeOf<Counter | Idle>()
    expectTypeOf<ActorOf<object>>().toEqualTypeOf<object>()
    expectTypeOf<keyof ActorRef<typeof FromFactory>['tell']>().toEqualTypeOf<'add'>()
  })

  test('makes the same ref', () => {
    expectTypeOf<ActorRef<Definition>>().toExtend<ActorRef<Counter>>()
    expectTypeOf<ActorRef<Counter>>().toExtend<ActorRef<Definition>>()
    expectTypeOf<ActorRef<Definition>>().toExtend<ActorRef<object>>()
    expectTypeOf<Tell<Definition>>().toEqualTypeOf<Tell<Counter>>()
    expectTypeOf<Ask<Definition>>().toEqualTypeOf<Ask<Counter>>()
    expectTypeOf<Asker<Definition>>().toEqualTypeOf<Asker<Counter>>()
    expectTypeOf<Stream<Definition>>().toEqualTypeOf<Stream<Counter>>()
    expectTypeOf<Streamer<Definition>>().toEqualTypeOf<Streamer<Counter>>()
    compiled(() => {
      // @ts-expect-error -- a string is no number
      byDefinition.tell.add('1')
      // @ts-expect-error -- the definition has a name, and the actor no such method
      byDefinition.tell.name()
      // @ts-expect-error -- another actor
      const other: ActorRef<typeof IdleActor> = byDefinition
      // @ts-expect-error -- another actor
      const another: ActorRef<Definition> = other as ActorRef<Idle>
      return another
    })
  })

  test('makes the same props, methods and options', () => {
    expectTypeOf<Props<Definition>>().toEqualTypeOf<{ readonly from: number }>()
    expectTypeOf<Props<typeof IdleActor>>().toEqualTypeOf<undefined>()
    expectTypeOf<MethodName<Definition>>().toEqualTypeOf<MethodName<Counter>>()
    expectTypeOf<HearingMethod<Definition, { cents: number }>>().toEqualTypeOf<'onPrice'>()
    expectTypeOf<SpawnOptions<Definition>['props']>().toEqualTypeOf<SpawnOptions<Counter>['props']>()
    expectTypeOf<PoolOptions<Definition>['props']>().toEqualTypeOf<PoolOptions<Counter>['props']>()
  })

  test('does wherever there is a ref', () => {
    expectTypeOf<ActorContext<Definition>>().toExtend<ActorContext<Counter>>()
    expectTypeOf<ActorContext<Counter>>().toExtend<ActorContext<Definition>>()
    expectTypeOf<GroupRef<Definition>>().toExtend<GroupRef<Counter>>()
    expectTypeOf<GroupRef<Counter>>().toExtend<GroupRef<Definition>>()
    compiled(async () => {
      expectTypeOf(actorContext<Definition>().self.ask.add).toEqualTypeOf(byClass.ask.add)
      expectTypeOf(await system.spawn(CounterActor, { props: { from: 0 } })).toEqualTypeOf<ActorRef<Counter>>()
      expectTypeOf((await system.lookup<Definition>('counter'))?.ask.add).toEqualTypeOf<
        typeof byClass.ask.add | undefined
      >()
      expectTypeOf(system.group<Definition>('counters').tell.add).toEqualTypeOf(byClass.tell.add)
      await system.group<Definition>('counters').join(byClass)
      await system.group<Counter>('counters').join(byDefinition)
      const topic = system.topic(defineTopic<{ cents: number }>('prices'))
      await topic.subscribe(byDefinition, 'onPrice')
      child(CounterActor, { props: { from: 1 } })
      // @ts-expect-error -- a string is no number
      child(CounterActor, { props: { from: '1' } })
      // @ts-expect-error -- it takes no price
      await topic.subscribe(byDefinition, 'add')
      // @ts-expect-error -- another actor
      await system.group<Definition>('counters').join(await system.spawn(IdleActor))
    })
  })
})
