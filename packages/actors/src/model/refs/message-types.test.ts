import { describe, expectTypeOf, test } from 'vitest'
import { child, defineActor, type ActorDefinition, type ActorRef, type Props, type System } from '../../index.js'
import type { CannotTravel } from './travel.js'

interface Settings {
  readonly volume: number
  readonly name: string
}
type Json = string | number | readonly Json[] | { readonly [key: string]: Json }

class Store {
  async get<K extends keyof Settings>(key: K): Promise<Settings[K]> {
    const settings: Settings = { volume: 1, name: 'a' }
    return settings[key]
  }
  first<T>(values: readonly T[]): T | undefined {
    return values[0]
  }
  async *each<T>(values: readonly T[]): AsyncGenerator<T, void, void> {
    yield* values
  }
  *count<T>(values: readonly T[]): Generator<T, number> {
    yield* values
    return values.length
  }
  // Seven overloads, one more than `infer` sees.
  async load(a: 1): Promise<'1'>
  async load(a: 2): Promise<'2'>
  async load(a: 3): Promise<'3'>
  async load(a: 4): Promise<'4'>
  async load(a: 5): Promise<'5'>
  async load(a: 6): Promise<'6'>
  async load(a: 7): Promise<'7'>
  async load(a: number): Promise<string> {
    return `${a}`
  }
  put(json: Json): Json {
    return json
  }
}

class Careless {
  onDone(_callback: () => void): void {}
  all(..._callbacks: (() => void)[]): void {}
  either(_value: string | (() => void)): void {}
  mark(_symbol: symbol): void {}
  later(_promise: Promise<number>): void {}
  make(_kind: new () => Store): void {}
  until(_signal: AbortSignal): void {}
  adder(): (by: number) => number {
    return by => by + 1
  }
  async promised(): Promise<AsyncGenerator<number>> {
    return this.numbers()
  }
  async *numbers(): AsyncGenerator<number> {
    yield 1
  }
  async *functions(): AsyncGenerator<() => number> {
    yield () => 1
  }
  peer(ref: ActorRef<Store>): ActorRef<Store> {
    return ref
  }
  anything(value: unknown, any: any): unknown {
    return [value, any]
  }
}

class Needs {
  onStart(_props: { readonly url: string }): void {}
  touch(): void {}
}
class MayNeed {
  onStart(_props?: { readonly url: string }): void {}
}

declare const store: ActorRef<Store>
declare const careless: ActorRef<Careless>
declare const system: System
const needs = defineActor(import.meta.url, Needs)
const mayNeed = defineActor(import.meta.url, MayNeed)

/** What stands here is compiled, and not run. */
function compiled(_uses: () => unknown): void {}

describe('a generic method', () => {
  test('keeps its type parameters when it returns a promise, or yields and returns nothing', () => {
    compiled(async () => {
      expectTypeOf(await store.ask.get('volume')).toEqualTypeOf<number>()
      expectTypeOf(await store.ask({ timeoutMs: 1 }).get('name')).toEqualTypeOf<string>()
      for await (const value of store.stream.each([1])) expectTypeOf(value).toEqualTypeOf<number>()
      store.tell.get('volume')
      // @ts-expect-error -- it is no setting
      await store.ask.get('colour')
    })
  })

  test('loses them to their constraints otherwise: no type can add a promise to a generic signature', () => {
    expectTypeOf<typeof store.ask.first>().toEqualTypeOf<(values: readonly unknown[]) => Promise<unknown>>()
    expectTypeOf<typeof store.stream.count>().toEqualTypeOf<
      (values: readonly unknown[]) => AsyncGenerator<unknown, void, void>
    >()
  })
})

describe('an overloaded method', () => {
  test('keeps all its overloads when they return promises', () => {
    compiled(async () => {
      expectTypeOf(await store.ask.load(1)).toEqualTypeOf<'1'>()
      expectTypeOf(await store.ask.load(7)).toEqualTypeOf<'7'>()
      // The last six, as a tell.
      store.tell.load(2)
      store.tell.load(7)
    })
  })
})

describe('what cannot travel', () => {
  test('does not compile as an argument', () => {
    compiled(() => {
      // @ts-expect-error -- a function
      careless.tell.onDone(() => undefined)
      // @ts-expect-error -- a function
      void careless.ask.onDone(() => undefined)
      // @ts-expect-error -- functions
      careless.tell.all(() => undefined)
      careless.tell.either('text')
      // @ts-expect-error -- a function
      careless.tell.either(() => undefined)
      // @ts-expect-error -- a symbol
      careless.tell.mark(Symbol('mark'))
      // @ts-expect-error -- a promise
      careless.tell.later(Promise.resolve(1))
      // @ts-expect-error -- a class
      careless.tell.make(Store)
      // @ts-expect-error -- a signal
      careless.tell.until(AbortSignal.abort())
    })
  })

  test('does not compile as a result, nor as an item', () => {
    compiled(() => {
      // @ts-expect-error -- it returns a function
      void careless.ask.adder()
      // @ts-expect-error -- it promises a generator
      void careless.ask.promised()
      // @ts-expect-error -- it yields functions
      careless.stream.functions()
      // A tell gets no answer.
      careless.tell.adder()
    })
  })

  test('names the reason', () => {
    expectTypeOf<Parameters<typeof careless.tell.onDone>[0]>().toEqualTypeOf<
      CannotTravel<'a function stays in its thread'>
    >()
    expectTypeOf<typeof careless.ask.adder>().toEqualTypeOf<CannotTravel<'a function stays in its thread'>>()
    expectTypeOf<Parameters<typeof careless.tell.either>[0]>().toEqualTypeOf<
      string | CannotTravel<'a function stays in its thread'>
    >()
  })

  test('leaves alone what can: refs, anything, recursive data', () => {
    expectTypeOf<typeof careless.ask.peer>().toEqualTypeOf<(ref: ActorRef<Store>) => Promise<ActorRef<Store>>>()
    expectTypeOf<typeof careless.ask.anything>().toEqualTypeOf<(value: unknown, any: any) => Promise<unknown>>()
    expectTypeOf<typeof store.ask.put>().toEqualTypeOf<(json: Json) => Promise<Json>>()
  })
})

describe('ask and stream', () => {
  test('are for different methods', () => {
    compiled(() => {
      // @ts-expect-error -- it yields
      void careless.ask.numbers()
      // @ts-expect-error -- it does not yield
      careless.stream.peer()
    })
  })

  test('have no members of a function', () => {
    compiled(() => {
      // @ts-expect-error -- no message
      void store.ask.call
      // @ts-expect-error -- no message
      void store.ask.name
      // @ts-expect-error -- no message
      void store.stream.length
    })
  })
})

describe('props that onStart needs', () => {
  test('are needed by whatever starts the actor', () => {
    compiled(async () => {
      // @ts-expect-error -- props are missing
      await system.spawn(needs)
      // @ts-expect-error -- props are missing
      await system.spawn(needs, { name: 'a' })
      // @ts-expect-error -- props are missing
      child(needs)
      // @ts-expect-error -- props are missing
      child(needs, { name: 'a' })
      // @ts-expect-error -- props are missing
      await system.startPool(needs, { size: 1 })
      await system.spawn(needs, { props: { url: '' } })
      child(needs, { props: { url: '' } })
      await system.startPool(needs, { size: 1, props: { url: '' } })
      await system.startPool(needs, { size: 1, propsOf: index => ({ url: `${index}` }) })
    })
  })

  test('may be left out where it may go without', () => {
    compiled(async () => {
      await system.spawn(mayNeed)
      await system.spawn(mayNeed, { props: { url: '' } })
      await system.spawn(mayNeed, { props: undefined })
      child(mayNeed)
      await system.startPool(mayNeed, { size: 1 })
    })
  })

  test('are passed by a generic function', () => {
    async function spawnOne<A extends object>(definition: ActorDefinition<A>, props: Props<A>): Promise<ActorRef<A>> {
      return system.spawn(definition, { props })
    }
    expectTypeOf(spawnOne<Needs>)
      .parameter(1)
      .toEqualTypeOf<{ readonly url: string }>()
  })
})
