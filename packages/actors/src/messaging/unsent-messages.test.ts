import { NotCloneableError } from '@zera/core/internal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import worker, { type Worker } from '../fixtures/actors/worker.js'
import { SystemStoppedError } from '../model/errors.js'
import type { ActorRef } from '../model/refs/ref.js'
import { RefusedMessageError } from '../model/refused-message.js'
import { startSystem } from '../system/start-system.js'
import type { System } from '../system/system.js'

/** What writes it goes deeper than a stack shows. */
const UNFIT = { a: { b: { c: { d: { e: { f: () => 1 } } } } } }
const PROPS = { label: '', unfit: UNFIT }

let system: System
let far: ActorRef<Worker>
let here: ActorRef<Worker>
let pool: ActorRef<Worker>
beforeAll(async () => {
  system = await startSystem({ threads: 1, log: false })
  far = await system.spawn(worker, { placement: 'shared' })
  here = await system.spawn(worker, { placement: 'main' })
  pool = await system.startPool(worker, { size: 1 })
  await system.group('workers').join(far)
})
afterAll(() => system.stop())

async function namedCaller(call: () => unknown): Promise<unknown> {
  return await call()
}

async function errorOf(call: () => unknown): Promise<Error> {
  return await namedCaller(call).then(
    () => new Error('It did not reject'),
    (error: unknown) => error as Error,
  )
}

describe('a message that cannot leave shows who sends it', () => {
  test.each<[string, () => unknown]>([
    ['ask', () => far.ask.echo(UNFIT)],
    ['ask with options', () => far.ask({ timeoutMs: 1000 }).echo(UNFIT)],
    ['ask of a pool', () => pool.ask.echo(UNFIT)],
    ['tell', () => far.tell.echo(UNFIT)],
    ['tell of a pool', () => pool.tell.echo(UNFIT)],
    ['tell of a group', () => system.group<Worker>('workers').tell.echo(UNFIT)],
    ['stream', async () => await far.stream.count(UNFIT as never).next()],
    ['spawn', () => system.spawn(worker, { props: PROPS })],
    ['startPool', () => system.startPool(worker, { size: 1, props: PROPS })],
    ['compute', () => system.compute((value: unknown) => value, [UNFIT])],
  ])('by %s', async (_verb, call) => {
    const error = await errorOf(call)

    expect(error).toBeInstanceOf(NotCloneableError)
    expect(error.stack?.split('\n')[0]).toBe(`NotCloneableError: ${error.message}`)
    expect(error.stack).toMatch(/at (async )?namedCaller/u)
  })

  test('by spawn of a child', async () => {
    const error = await errorOf(() => here.ask.spawn(PROPS, 'child'))

    expect(error).toBeInstanceOf(NotCloneableError)
    expect(error.stack).toMatch(/at (async )?Worker\.spawn .*\n.*at ask spawn\(\)[^]*at (async )?namedCaller/u)
  })

  test('without what lies between', async () => {
    const errors = [
      await errorOf(() => far.ask.echo(UNFIT)),
      await errorOf(() => far.tell.echo(UNFIT)),
      await errorOf(() => pool.ask.echo(UNFIT)),
    ]

    for (const error of errors) expect(error.stack?.split('\n')[1]).toMatch(/unsent-messages\.test/u)
  })

  test('and still carries the message', async () => {
    const error = await errorOf(() => far.ask.echo(UNFIT))

    expect(error).toBeInstanceOf(RefusedMessageError)
    expect(error).toMatchObject({ method: 'echo', args: [UNFIT] })
  })

  test('after the system has stopped, too', async () => {
    const other = await startSystem({ threads: 0, log: false })
    const ref = await other.spawn(worker)
    await other.stop()

    for (const call of [() => ref.tell.echo(1), () => ref.ask.echo(1)]) {
      const error = await errorOf(call)
      expect(error).toBeInstanceOf(SystemStoppedError)
      expect(error.stack?.split('\n')[1]).toMatch(/unsent-messages\.test/u)
    }
  })

  test('but leaves the stack of what an accessor throws', async () => {
    const thrown = new RangeError('mine')
    const { stack } = thrown
    const value = Object.defineProperty({}, 'bad', {
      enumerable: true,
      get: () => {
        throw thrown
      },
    })

    expect(await errorOf(() => far.ask.echo(value))).toBe(thrown)
    expect(thrown.stack).toBe(stack)
  })
})
