import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Cell } from '../../actor/cell.js'
import worker from '../../fixtures/actors/worker.js'
import type { Worker } from '../../fixtures/actors/worker.js'
import { eventually } from '../../fixtures/eventually.js'
import { OneThreadHosts } from '../../fixtures/hosts/one-thread-hosts.js'
import { ActorStoppedError, SystemStoppedError } from '../../index.js'
import { POOL_HOST } from '../../model/address.js'
import type { RouteName } from '../../model/pools/routes.js'
import { BoundRef } from '../../model/refs/bound-ref.js'
import type { ActorRef } from '../../model/refs/ref.js'
import type { Host } from '../host.js'
import type { PoolSender } from './pool-sender.js'

let hosts: OneThreadHosts
let one: Host
let refs: BoundRef<Worker>[]
let cells: Cell[]
beforeEach(async () => {
  hosts = new OneThreadHosts()
  one = hosts.add(1)
  const two = hosts.add(2)
  const workers = [await hosts.spawn(one, worker), await hosts.spawn(two, worker), await hosts.spawn(two, worker)]
  refs = workers.map(({ ref }) => ref)
  cells = workers.map(({ cell }) => cell)
})
afterEach(() => hosts.close())

/** A ref to a pool of all three, on a host. */
function poolOn(host: Host, route: RouteName, workers = refs): ActorRef<Worker> {
  ;(host.messenger.pools as PoolSender).set({ id: 1, route, workers: workers.map(({ data }) => data) })
  return new BoundRef<Worker>(host.messenger, {
    host: POOL_HOST,
    id: 1,
    name: 'pool',
    url: worker.url,
    definition: worker.name,
  })
}

async function expectReceived(...messages: number[]): Promise<void> {
  await eventually(() => expect(cells.map(({ loop }) => loop.mailbox.statistics.received)).toEqual(messages))
}

describe('PoolSender', () => {
  test('sends each message to one worker, whatever its host', async () => {
    const pool = poolOn(hosts.main, 'round-robin')

    for (let time = 0; time < 6; time++) expect(pool.tell.echo(time)).toBe(true)
    expect(await Promise.all([pool.ask.echo('a'), pool.ask.echo('b'), pool.ask.echo('c')])).toEqual(['a', 'b', 'c'])

    await expectReceived(3, 3, 3)
  })

  test('on a host that has closed it throws, whether or not the pool has workers', async () => {
    for (const workers of [refs, []]) {
      const pool = poolOn(one, 'round-robin', workers)
      one.close()
      expect(() => pool.tell.echo(1)).toThrow(SystemStoppedError)
      await expect(pool.ask.echo(1)).rejects.toBeInstanceOf(SystemStoppedError)
    }
  })

  test('asks the worker that has the fewest asks to answer', async () => {
    const pool = poolOn(hosts.main, 'least-busy')
    const stuck = pool.ask({ timeoutMs: Infinity }).forever()
    stuck.catch(() => undefined)

    for (let time = 0; time < 6; time++) expect(await pool.ask.echo(time)).toBe(time)

    await expectReceived(1, 3, 3)
  })

  test('tells all workers of a broadcast, and asks until all have answered', async () => {
    const pool = poolOn(hosts.main, 'broadcast')

    pool.tell.echo(1)
    expect(await pool.ask.echo(2)).toBe(2)

    await expectReceived(2, 2, 2)
    await expect(pool.ask.fail('one')).rejects.toMatchObject({ message: 'one' })
    expect(() => pool.stream.count(3)).toThrow(TypeError)
  })

  test('streams from one worker', async () => {
    const pool = poolOn(hosts.main, 'consistent-hash')
    const items: number[] = []

    for await (const item of pool.stream.count(3)) items.push(item)

    expect(items).toEqual([1, 2, 3])
  })

  test('keeps what is under way when the table changes', async () => {
    const pool = poolOn(hosts.main, 'least-busy')
    pool
      .ask({ timeoutMs: Infinity })
      .forever()
      .catch(() => undefined)

    poolOn(hosts.main, 'least-busy', refs.slice(0, 2))
    for (let time = 0; time < 4; time++) await pool.ask.echo(time)

    await expectReceived(1, 4, 0)
  })

  test('refuses like an actor that is stopped when the pool has no worker', async () => {
    const pool = poolOn(hosts.main, 'round-robin', [])

    expect(pool.tell.echo(1)).toBe(true)
    await expect(pool.ask.echo(1)).rejects.toBeInstanceOf(ActorStoppedError)
    expect(() => pool.stream.count(1)).toThrow(ActorStoppedError)

    expect(hosts.deadLetters).toMatchObject([
      { target: { host: POOL_HOST, id: 1 }, method: 'echo', args: [1], reason: 'actor-stopped' },
    ])
    await pool.ready()
  })

  test('travels in messages, and is routed from where it arrives', async () => {
    const pool = poolOn(hosts.main, 'round-robin')
    poolOn(one, 'round-robin')
    const [first] = refs as [BoundRef<Worker>]
    const seen = hosts.seenFrom(hosts.main, first)

    expect(await seen.ask.echo(pool)).toMatchObject({ name: 'pool' })
    seen.tell.flood(pool, 3)

    await expectReceived(3, 1, 1)
  })
})
