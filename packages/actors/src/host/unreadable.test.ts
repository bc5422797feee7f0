import { isError, toError } from '@zera/core/internal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ODD_THENABLES, ODD_THROWN, throwValue } from '../../../core/dist/fixtures/odd-values.js'
import odd, {
  giver,
  neighbour,
  oddBegin,
  oddMethods,
  usher,
  type Neighbour,
  type Odd,
  type OddProps,
} from '../fixtures/actors/failing/odd.js'
import { expectNoLeaksAfterAll, expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { startSystem, type ActorRef, type Placement, type System } from '../index.js'

/** They fail again and again, on purpose. */
const RESTARTED_AT_ONCE = { maxRestarts: Infinity, backoff: { firstMs: 0, factor: 1, maxMs: 0 } }

type Case = OddProps & { readonly name: string }

const CASES: readonly Case[] = [
  ...ODD_THROWN.map(({ name }, at): Case => ({ kind: 'throws', at, name: `throws ${name}` })),
  ...ODD_THENABLES.map(({ name }, at): Case => ({ kind: 'returns', at, name: `returns ${name}` })),
]
const THROWN = CASES.filter(({ kind }) => kind === 'throws')

/** Why what rejects with it is wrong, if it is. */
async function faultOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error = await promise.then(
    () => 'nothing was thrown',
    (thrown: unknown) => thrown,
  )
  return isError(error) && toError(error) === error ? undefined : `threw ${typeof error}`
}

interface Place {
  readonly placement: Placement
  /** Whether its thread handles unhandled rejections. */
  readonly isTracked: boolean
}

describe.each<Place>([
  { placement: 'shared', isTracked: false },
  { placement: 'shared', isTracked: true },
  { placement: 'main', isTracked: false },
])('what cannot be read, of an actor that is $placement, tracked: $isTracked', ({ placement, isTracked }) => {
  expectNoLeaksAfterAll()
  let system: System
  let witness: ActorRef<Neighbour>
  let asked = 0
  const down: unknown[] = []
  const failures: { readonly id: number; readonly error: unknown; readonly method: string | undefined }[] = []
  let hasFailed: () => void = () => undefined

  beforeAll(async () => {
    system = await startSystem({ threads: placement === 'main' ? 0 : 1, handleSignals: false })
    system.events.on('host-down', event => down.push(event))
    system.events.on('actor-failed', ({ actor, error, method }) => {
      failures.push({ id: actor.id, error, method })
      hasFailed()
    })
    witness = await system.spawn(neighbour, { placement })
    if (isTracked) await (await system.spawn(odd, { placement })).ask.track()
  })
  afterAll(async () => {
    expect(down).toEqual([])
    expect(await system.stop()).toMatchObject({ messagesLost: 0, left: { asks: 0, blocks: 0 } })
  })

  /** Does something odd in each way; what was wrong is listed, by the name of the way. */
  async function eachOf(cases: readonly Case[], run: (props: OddProps) => Promise<string | undefined>): Promise<void> {
    const faults: string[] = []
    for (const { name, ...props } of cases) {
      const fault = await run(props)
      if (fault !== undefined) faults.push(`${name}: ${fault}`)
      asked += 1
      expect(await witness.ask.count()).toBe(asked)
    }
    expect(faults).toEqual([])
  }

  async function failureOf(ref: ActorRef<Odd>, method: string): Promise<string | undefined> {
    const find = (): (typeof failures)[number] | undefined =>
      failures.find(({ id, method: failing }) => id === ref.address.id && failing === method)
    while (find() === undefined) await new Promise<void>(resolve => (hasFailed = resolve))
    const error = find()?.error
    failures.length = 0
    return isError(error) && toError(error) === error ? undefined : `failed by ${typeof error}`
  }

  test.each(['method', 'asyncMethod'] as const)(
    'an asker of %s gets an error, and the actor is restarted',
    async method => {
      const ref = await system.spawn(odd, { placement, ...RESTARTED_AT_ONCE })

      await eachOf(CASES, async props => {
        const fault = (await faultOf(ref.ask[method](props))) ?? (await failureOf(ref, method))
        expect(await ref.ask.ok()).toBe('ok')
        return fault
      })
    },
  )

  test('a tell of it is a dead letter, and fails the actor', async () => {
    const ref = await system.spawn(odd, { placement, ...RESTARTED_AT_ONCE })

    await eachOf(CASES, async props => {
      ref.tell.method(props)
      return failureOf(ref, 'method')
    })
  })

  test.each(['stream', 'asyncStream', 'steps', 'results'] as const)('a reader of %s gets an error', async method => {
    const ref = await system.spawn(odd, { placement, ...RESTARTED_AT_ONCE })
    const read = async (props: OddProps): Promise<unknown[]> => {
      const items: unknown[] = []
      for await (const item of ref.stream[method](props)) items.push(item)
      return items
    }

    await eachOf(CASES, props => faultOf(read(props)))
  })

  test('the end of an iterator fails the actor, and not its reader', async () => {
    const ref = await system.spawn(odd, { placement, ...RESTARTED_AT_ONCE })

    await eachOf(CASES, async props => {
      const reader = ref.stream.ends(props)
      await reader.next()
      await reader.return()
      return failureOf(ref, 'ends')
    })
  })

  test.each(['pipe', 'pipeThenThrow', 'after', 'every', 'whenIdle'] as const)('%s fails the actor', async method => {
    const ref = await system.spawn(odd, { placement, ...RESTARTED_AT_ONCE })

    await eachOf(CASES, async props => {
      await ref.ask[method](props)
      return failureOf(ref, 'a message to itself')
    })
  })

  test('a start rejects with an error', async () => {
    await eachOf(CASES, props => faultOf(system.spawn(odd, { placement, props: { ...props, where: 'onStart' } })))
  })

  test('a constructor that throws is one', async () => {
    const ushering = await system.spawn(usher, { placement })

    await eachOf(THROWN, async props => {
      await ushering.ask.usher({ ...props, where: 'constructor' })
      return faultOf(system.spawn(oddBegin, { placement }))
    })
  })

  test('a restart fails, and the actor is given up', async () => {
    await eachOf(CASES, async props => {
      const ref = await system.spawn(odd, { placement, maxRestarts: 2, props: { ...props, where: 'onRestart' } })
      const ended = system.watch(ref)
      await faultOf(ref.ask.fail())
      await ended
      return failureOf(ref, 'onStart')
    })
  })

  test('a stop reports it', async () => {
    await eachOf(CASES, async props => {
      const ref = await system.spawn(odd, { placement, props: { ...props, where: 'onStop' } })
      await system.stop(ref)
      return failureOf(ref, 'onStop')
    })
  })

  test('a method that cannot be looked at is no method', async () => {
    const ref = await system.spawn(oddMethods, { placement })

    await expect(ref.ask.hidden()).rejects.toBeInstanceOf(RangeError)
    expect(await ref.ask.ok()).toBe('ok')
    asked += 1
    expect(await witness.ask.count()).toBe(asked)
  })
})

describe('what cannot be copied to another thread', () => {
  expectNoLeaksAfterEach()

  test('what cannot be sent fails its sender alone, and nothing is left half sent', async () => {
    await using system = await startSystem({ threads: 1, handleSignals: false })
    const ref = await system.spawn(giver)

    for (const { make } of ODD_THROWN) {
      const sent = {
        get n(): number {
          return throwValue(make())
        },
      }
      const asks = [
        ref.ask.sizeOf({ n: 1 }),
        ref.ask.sizeOf(sent),
        ref.ask.sizeOf({ n: 2 }),
        ref.ask.sizeOf(sent, new Uint8Array(100_000)),
        ref.ask.sizeOf({ n: 3 }, new Uint8Array(10)),
      ]
      const faults = await Promise.all([faultOf(asks[1] as Promise<number>), faultOf(asks[3] as Promise<number>)])
      expect(await Promise.all([asks[0], asks[2], asks[4]])).toEqual([1, 2, 13])
      expect(faults).toEqual([undefined, undefined])
    }
  })

  test('what cannot be answered fails its asker alone', async () => {
    await using system = await startSystem({ threads: 1, handleSignals: false })
    const ref = await system.spawn(giver)
    const items: unknown[] = []
    const read = async (): Promise<void> => {
      for await (const item of ref.stream.items()) items.push(item)
    }

    expect(await faultOf(ref.ask.answer())).toBeUndefined()
    expect(await faultOf(read())).toBeUndefined()
    expect(items).toHaveLength(100)
    expect(await ref.ask.sizeOf({ n: 7 })).toBe(7)
    expect((await system.stop()).left.blocks).toBe(0)
  })
})
