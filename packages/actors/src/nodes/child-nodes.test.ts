import { BlockLocalError } from '@zera/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import lodger, { impatient, news, type Lodger } from '../fixtures/actors/lodger.js'
import { eventually } from '../fixtures/eventually.js'
import { expectNoLeaksAfterAll } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import { AskTimeoutError, child, NoSuchNodeError, startSystem, type ActorRef, type System } from '../index.js'

expectNoLeaksAfterAll()
let system: System
beforeAll(async () => {
  system = await startSystem({ threads: 1, nodes: [{ name: 'a', threads: 2 }, { name: 'b' }], handleSignals: false })
})
afterAll(async () => {
  const receipt = await system.stop()
  expect(receipt.left).toEqual({ sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 0 })
})

const on = (node: string): Promise<ActorRef<Lodger>> =>
  system.spawn(lodger, { placement: { node }, maxRestarts: Infinity })

describe('an actor on a child node', () => {
  test('is asked, told and streamed, in another process', async () => {
    const ref = await on('a')

    const pid = await ref.ask.pid()
    for (const number of [1, 2, 3]) ref.tell.take(number)
    const streamed: number[] = []
    for await (const number of ref.stream.upTo(200)) streamed.push(number)

    expect(pid).not.toBe(process.pid)
    expect(await ref.ask.taken()).toEqual([1, 2, 3])
    expect(streamed).toEqual(Array.from({ length: 200 }, (_, at) => at + 1))
  })

  test('is given every value as it is, also large binaries, but no shared block', async () => {
    const [a, b] = await Promise.all([on('a'), on('b')])
    const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251)
    const value = { when: new Date(7), map: new Map([[1, 'ü']]), big: 10n, bytes, ref: a }

    const echoed = (await b.ask.echo(value)) as typeof value

    expect(echoed).toMatchObject({ when: value.when, map: value.map, big: 10n })
    expect(Buffer.compare(echoed.bytes, bytes)).toBe(0)
    expect(await echoed.ref.ask.pid()).toBe(await a.ask.pid())
    await expect(a.ask.sendBlock(b)).rejects.toMatchObject({ code: 'ZERA_BLOCK_LOCAL' })
    expect(new BlockLocalError(8)).toMatchObject({ sizeBytes: 8 })
  })

  test('goes to the thread with the fewest actors, or to the node that is named', async () => {
    const refs = await Promise.all(Array.from({ length: 3 }, () => system.spawn(lodger, { placement: 'any-node' })))
    const { hosts } = await system.snapshot()

    expect(new Set(refs.map(ref => ref.address.host)).size).toBe(3)
    expect(hosts.map(({ node }) => node)).toEqual([undefined, undefined, 'a', 'a', 'b'])
    await expect(system.spawn(lodger, { placement: { node: 'c' } })).rejects.toMatchObject({
      name: 'NoSuchNodeError',
      node: 'c',
    })
    for (const ref of refs) await system.stop(ref)
  })

  test('talks to those of other nodes, of its own node, and of the system, in order', async () => {
    const [a, a2, b] = await Promise.all([on('a'), on('a'), on('b')])
    const local = await system.spawn(lodger)
    const numbers = Array.from({ length: 20_000 }, (_, at) => at + 1)

    for (const [from, to] of [
      [a, b],
      [b, local],
      [local, a],
      [a, a2],
    ] as const) {
      await from.ask({ timeoutMs: 60_000 }).tellAll(to, numbers.length)
      await eventually(async () => expect((await to.ask.taken()).length).toBe(numbers.length))
      expect(await to.ask.taken()).toEqual(numbers)
      expect(await from.ask.sumOf(to, 100)).toBe(5050)
    }
    expect(await a.ask.askOther(b)).toBe(await b.ask.pid())
  })

  test('belongs to pools, topics, groups of supervisors and watches, as others do', async () => {
    const pool = await system.startPool(lodger, { size: 3, placement: 'any-node', route: 'round-robin', name: 'pool' })
    const supervisor = await system.supervise([child(lodger, { name: 'kept', placement: { node: 'b' } })])
    const kept = await system.lookup('kept', lodger)
    const watched = await on('a')

    const pids = await Promise.all(Array.from({ length: 6 }, () => pool.ask.pid()))
    await kept?.ask.hearNews()
    system.topic(news).publish('', 'hello')
    const down = system.watch(watched)
    await system.stop(watched)

    expect(new Set(pids).size).toBe(2)
    await eventually(async () => expect(await kept?.ask.heard()).toEqual(['hello']))
    expect(await down).toMatchObject({ reason: 'stopped' })
    for (const { id } of supervisor.children) await supervisor.stop(id)
    await system.stop(pool)
  })

  test('computes on the threads of the system, and its failures are those of any actor', async () => {
    const ref = await on('a')

    await expect(ref.ask.fail()).rejects.toMatchObject({ name: 'RangeError', message: 'no' })

    expect(await ref.ask.compute(12)).toBe(144)
  })

  test('takes its thread along when it ends that, and both come back', async () => {
    const ref = await on('b')
    const pid = await ref.ask.pid()
    const hostDown = nextEvent(system, 'host-down')
    const restarted = nextEvent(system, 'actor-restarted', ({ actor }) => actor.id === ref.address.id)

    await expect(ref.ask.exit(7)).rejects.toMatchObject({ name: 'ActorDownError', reason: 'exited', progress: 'begun' })
    await restarted

    expect(await hostDown).toMatchObject({ host: ref.address.host, reason: 'exited', exitCode: 7 })
    expect((await hostDown).blackBox.actors).toContainEqual(
      expect.objectContaining({ id: ref.address.id, handling: expect.objectContaining({ method: 'exit' }) }),
    )
    expect(await ref.ask.pid()).toBe(pid)
  })

  test('does not let a handler that spins keep its thread: that is killed, and its neighbours lose nothing that was not begun', async () => {
    const spinning = await system.spawn(impatient, { placement: { node: 'b' }, maxRestarts: Infinity })
    const neighbour = await on('b')
    const asked = spinning.ask({ timeoutMs: 300 }).spin()
    const restarted = nextEvent(system, 'actor-restarted', ({ actor }) => actor.id === neighbour.address.id)
    await new Promise(resolve => setImmediate(resolve))
    const answers = Promise.all([1, 2, 3].map(number => neighbour.ask.echo(number)))

    const error = await asked.catch((thrown: unknown) => thrown)
    await restarted

    expect(error).toBeInstanceOf(AskTimeoutError)
    expect(error).toMatchObject({ cancellation: 'thread-killed' })
    expect(await answers).toEqual([1, 2, 3])
  })
})

test('a system without nodes places nothing on one', async () => {
  await using alone = await startSystem({ threads: 0, handleSignals: false })

  await expect(alone.spawn(lodger, { placement: 'any-node' })).rejects.toBeInstanceOf(NoSuchNodeError)
})
