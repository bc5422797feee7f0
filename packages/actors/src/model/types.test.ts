import { describe, expectTypeOf, test } from 'vitest'
import type { Kinds } from '../fixtures/actors/kinds.js'
import {
  defineActor,
  defineTopic,
  type ActorRef,
  type AskOptions,
  type MethodName,
  type Props,
  type SpawnOptions,
  type System,
} from '../index.js'
import type { HearingMethod } from './refs/topic.js'

class Shop {
  #stock = 0
  open = true
  onStart(props: { readonly stock: number }): void {
    this.#stock = props.stock
  }
  onStop(): void {}
  onRestart(): void {}
  sell(pieces: number, to?: string): string {
    return `${(this.#stock -= pieces)} ${to}`
  }
  async order(pieces: number): Promise<{ readonly id: number }> {
    return { id: pieces }
  }
  fail(): never {
    throw new Error('no')
  }
  anything(): any {
    return this.#stock
  }
  async *customers(limit: number): AsyncGenerator<string> {
    yield `${limit}`
  }
  *shelves(): Generator<number> {
    yield this.#stock
  }
}

class Idle {
  nap(): void {}
}

declare const shop: ActorRef<Shop>
declare const kinds: ActorRef<Kinds>
declare const system: System
const idleDefinition = defineActor(import.meta.url, Idle)
const shopDefinition = defineActor(import.meta.url, Shop)

/** What stands here is compiled, and not run. */
function compiled(_uses: () => unknown): void {}

describe('ActorRef types', () => {
  test('tell takes what the method takes and says whether there is room', () => {
    expectTypeOf<typeof shop.tell.sell>().toEqualTypeOf<(pieces: number, to?: string) => boolean>()
    compiled(() => {
      // @ts-expect-error -- a string is no number
      shop.tell.sell('1')
      // @ts-expect-error -- an argument is missing
      shop.tell.order()
      // @ts-expect-error -- there is no such method
      shop.tell.steal(1)
      // @ts-expect-error -- a field is no method
      shop.tell.open()
    })
  })

  test('ask gives what the method returns, awaited', () => {
    expectTypeOf<typeof shop.ask.sell>().toEqualTypeOf<(pieces: number, to?: string) => Promise<string>>()
    expectTypeOf<typeof shop.ask.order>().returns.resolves.toEqualTypeOf<{ readonly id: number }>()
    expectTypeOf<ReturnType<typeof shop.ask>['order']>().toEqualTypeOf<typeof shop.ask.order>()
    expectTypeOf<typeof shop.ask.fail>().toEqualTypeOf<() => Promise<never>>()
    expectTypeOf<typeof shop.ask.anything>().toEqualTypeOf<() => Promise<any>>()
    expectTypeOf<AskOptions>().toEqualTypeOf<{
      readonly timeoutMs?: number | undefined
      readonly signal?: AbortSignal | undefined
      readonly id?: string | undefined
    }>()
    compiled(() => {
      // @ts-expect-error -- a string is no number
      void shop.ask.sell('x')
      // @ts-expect-error -- there is no such option
      void shop.ask({ timeout: 50 }).sell(1)
      // @ts-expect-error -- there is no such method
      void shop.ask.steal(1)
    })
  })

  test('stream has the generator methods, and they are nowhere else', () => {
    expectTypeOf<typeof shop.stream.customers>().toEqualTypeOf<(limit: number) => AsyncGenerator<string, void, void>>()
    expectTypeOf<typeof shop.stream.shelves>().toEqualTypeOf<() => AsyncGenerator<number, void, void>>()
    expectTypeOf<keyof typeof shop.stream>().toEqualTypeOf<'customers' | 'shelves'>()
    expectTypeOf<keyof typeof shop.tell>().toEqualTypeOf<'sell' | 'order' | 'fail' | 'anything'>()
    compiled(() => {
      // @ts-expect-error -- a generator method is not asked
      void shop.ask.customers(1)
      // @ts-expect-error -- a generator method is not told
      shop.tell.shelves()
      // @ts-expect-error -- an ordinary method is not streamed
      shop.stream.sell(1)
    })
  })

  test('lifecycle methods cannot be sent', () => {
    expectTypeOf<Extract<MethodName<Shop>, 'onStart' | 'onStop' | 'onRestart'>>().toEqualTypeOf<never>()
    compiled(() => {
      // @ts-expect-error -- onStart is Zera's to call
      shop.tell.onStart({ stock: 1 })
      // @ts-expect-error -- onStop is Zera's to call
      void shop.ask.onStop()
    })
  })

  test('a ref of one actor is no ref of another', () => {
    compiled(() => {
      // @ts-expect-error -- a shop does not nap
      const idle: ActorRef<Idle> = shop
      return idle
    })
  })
})

describe('what is a message', () => {
  test('is whatever can be called by its name, as it is declared', () => {
    expectTypeOf<MethodName<Kinds>>().toEqualTypeOf<
      | 'field'
      | 'accessor'
      | 'inherited'
      | 'overloaded'
      | 'call'
      | 'apply'
      | 'bind'
      | 'name'
      | 'length'
      | 'prototype'
      | 'items'
      | 'pairs'
      | 0
    >()
    expectTypeOf<keyof typeof kinds.stream>().toEqualTypeOf<'items' | 'pairs'>()
    expectTypeOf<typeof kinds.stream.items>().toEqualTypeOf<() => AsyncGenerator<number, void, void>>()
    expectTypeOf<typeof kinds.stream.pairs>().toEqualTypeOf<
      () => AsyncGenerator<readonly [number, string], void, void>
    >()
    compiled(async () => {
      expectTypeOf(await kinds.ask.overloaded('a')).toEqualTypeOf<string>()
      expectTypeOf(await kinds.ask({ timeoutMs: 1 }).overloaded(1)).toEqualTypeOf<number>()
      expectTypeOf(kinds.tell.overloaded('a')).toEqualTypeOf<boolean>()
      // @ts-expect-error -- none of its overloads takes that
      kinds.tell.overloaded(true)
    })
  })

  test('is not what no code can call', () => {
    compiled(() => {
      // @ts-expect-error -- it may be missing
      kinds.tell.optional()
      // @ts-expect-error -- it would make a promise of the ref
      void kinds.ask.then()
      // @ts-expect-error -- a symbol is no name of a message
      kinds.stream[Symbol.asyncIterator]()
      // @ts-expect-error -- nor of a told one
      kinds.tell[Symbol.dispose]()
      // @ts-expect-error -- it is no function
      kinds.tell.text()
      // @ts-expect-error -- it is the class's own
      kinds.tell.hidden()
      // @ts-expect-error -- what every object has is no message: this is the table's own
      kinds.tell.valueOf('short')
    })
  })
})

describe('topic types', () => {
  class Listener {
    onPrice(_price: { readonly cents: number }, _key: string): void {}
    onAnything(_data: unknown): void {}
    onText(_text: string): void {}
    onMore(_price: { readonly cents: number }, _key: number): void {}
  }

  test('a subscriber is a method that takes the data of the topic, and its key', () => {
    expectTypeOf<HearingMethod<Listener, { cents: number }>>().toEqualTypeOf<'onPrice' | 'onAnything'>()
    compiled(async () => {
      const listener = await system.spawn(defineActor(import.meta.url, Listener))
      const topic = system.topic(defineTopic<{ cents: number }>('prices'))
      topic.publish('key', { cents: 1 })
      await topic.subscribe(listener, 'onPrice')
      // @ts-expect-error -- it takes a text
      await topic.subscribe(listener, 'onText')
      // @ts-expect-error -- a text is no price
      topic.publish('key', 'text')
      // @ts-expect-error -- a Shop is no Listener
      await system.group<Listener>('listeners').join(shop)
    })
  })
})

describe('spawn() types', () => {
  test('props are what onStart takes', () => {
    expectTypeOf<Props<Shop>>().toEqualTypeOf<{ readonly stock: number }>()
    expectTypeOf<Props<Idle>>().toEqualTypeOf<undefined>()
    expectTypeOf<SpawnOptions<Shop>['props']>().toEqualTypeOf<{ readonly stock: number } | undefined>()
    compiled(async () => {
      expectTypeOf(await system.spawn(shopDefinition, { props: { stock: 1 } })).toEqualTypeOf<ActorRef<Shop>>()
      await system.spawn(idleDefinition)
      // @ts-expect-error -- a string is no number
      await system.spawn(shopDefinition, { props: { stock: '1' } })
      // @ts-expect-error -- Idle takes no props
      await system.spawn(idleDefinition, { props: { stock: 1 } })
      // @ts-expect-error -- there is no such placement
      await system.spawn(idleDefinition, { placement: 'elsewhere' })
      // @ts-expect-error -- a class is no definition
      await system.spawn(Idle)
    })
  })
})
