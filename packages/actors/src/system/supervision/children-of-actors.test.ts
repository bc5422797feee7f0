import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import gates, { openGate } from '../../fixtures/actors/gate.js'
import journals, { journalLines } from '../../fixtures/actors/journal.js'
import nest, { orderlyNest, tightNest, type Nest, type NestProps } from '../../fixtures/actors/nest.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import type { ChildSnapshot } from '../../model/events/snapshot.js'
import type { ActorRef } from '../../model/refs/ref.js'
import type { Placement } from '../../model/supervision/child-spec.js'
import { startSystem } from '../start-system.js'
import type { System } from '../system.js'

expectNoLeaksAfterAll()

const SILENT = new URL('../../fixtures/silent-sink.js', import.meta.url)
let system: System
beforeAll(
  async () =>
    void (system = await startSystem({ threads: 2, handleSignals: false, log: { level: 'error', sink: SILENT } })),
)
afterEach(async () => {
  for (const { id } of system.root.children) await system.root.remove(id)
})
afterAll(async () => void (await system.stop()))

/** Starts a parent with two children, the second of which has one of its own. */
async function startFamily(
  placement: Placement,
  ofChildren: Placement = 'shared',
): Promise<{ readonly parent: ActorRef<Nest>; readonly find: (label: string) => Promise<ActorRef<Nest>> }> {
  const journal = await system.spawn(journals, { placement: 'main' })
  const nestlings: NestProps['nestlings'] = [
    { label: 'one', placement: ofChildren },
    { label: 'two', placement: ofChildren, nestlings: [{ label: 'grandchild' }] },
  ]
  const parent = await system.spawn(orderlyNest, {
    placement,
    name: 'parent',
    maxRestarts: Infinity,
    props: { label: 'parent', journal, nestlings },
  })
  const find = async (label: string): Promise<ActorRef<Nest>> => {
    const found = await system.lookup(label, nest)
    if (found === undefined) throw new Error(`there is no ${label}`)
    return found
  }
  return { parent, find }
}

const STARTS = ['one starts', 'grandchild starts', 'two starts', 'parent starts']
const STOPS = ['grandchild stops', 'two stops', 'one stops', 'parent stops']

async function expectNobody(): Promise<void> {
  for (const label of ['parent', 'one', 'two', 'grandchild']) expect(await system.lookup(label)).toBeUndefined()
}

describe.each(['main', 'shared', 'own-thread'] as const)('children of an actor on %s', placement => {
  test('stop with it, last started first, before its onStop', async () => {
    const { parent } = await startFamily(placement)

    await system.stop(parent)

    expect(journalLines()).toEqual([...STARTS, ...STOPS])
    await expectNobody()
  })

  test('stop when it fails, and are started anew under their names by its next instance', async () => {
    const { parent, find } = await startFamily(placement)
    const before = await find('one')
    const down = system.watch(before)

    await expect(parent.ask.fail()).rejects.toThrow(RangeError)
    await vi.waitUntil(() => journalLines().length === 12)

    expect(journalLines()).toEqual([...STARTS, ...STOPS, ...STARTS])
    expect((await down).reason).toBe('stopped')
    expect(await (await find('grandchild')).ask.label()).toBe('grandchild')
    await expect(before.ask.label()).rejects.toMatchObject({ name: 'ActorStoppedError' })
    await system.stop(parent)
    await expectNobody()
  })

  test('are restarted when they fail, without their parent', async () => {
    const { parent, find } = await startFamily(placement)
    const two = await find('two')

    await expect(two.ask.fail()).rejects.toThrow(RangeError)
    expect(await two.ask.label()).toBe('two')

    expect(journalLines()).toEqual([...STARTS, 'grandchild stops', 'two stops', 'grandchild starts', 'two starts'])
    await system.stop(parent)
    await expectNobody()
  })

  test('have it fail when they fail too often', async () => {
    const { parent, find } = await startFamily(placement)
    const one = await find('one')
    const down = system.watch(parent)

    await expect(one.ask.fail()).rejects.toThrow(RangeError)
    await expect(one.ask.fail()).rejects.toThrow(RangeError)

    expect(await down).toMatchObject({ reason: 'failed', error: { name: 'RestartLimitError' } })
    await vi.waitUntil(() => journalLines().filter(line => line === 'parent starts').length === 2)
    expect(await (await find('one')).ask.label()).toBe('one')
    await system.stop(parent)
    await expectNobody()
  })
})

describe('context.spawn()', () => {
  test("gives a child a limit of its own, which is its parent's failure when it is exceeded", async () => {
    const parent = await system.spawn(nest, { props: { label: 'parent' }, maxRestarts: Infinity })
    const tough = await parent.ask.hatch({ label: 'tough', maxRestarts: Infinity })
    for (let time = 0; time < 4; time++) await expect(tough.ask.fail()).rejects.toThrow(RangeError)
    expect(await tough.ask.label()).toBe('tough')

    const down = system.watch(parent)
    const weak = await parent.ask.hatch({ label: 'weak', maxRestarts: 0 })
    await expect(weak.ask.fail()).rejects.toThrow(RangeError)
    expect((await down).error).toMatchObject({ name: 'RestartLimitError', child: 'weak' })
    await system.stop(parent)
  })

  test('forgets a temporary child that fails, and its parent goes on', async () => {
    const parent = await system.spawn(nest, { props: { label: 'parent' } })
    const child = await parent.ask.hatch({ label: 'brief', restart: 'temporary' })
    const down = system.watch(child)
    await expect(child.ask.fail()).rejects.toThrow(RangeError)
    await down

    await parent.ask.hatch({ label: 'brief' })
    expect(await parent.ask.label()).toBe('parent')
    await system.stop(parent)
  })

  test('restarts all siblings together where the definition says so', async () => {
    const journal = await system.spawn(journals, { placement: 'main' })
    const nestlings = [{ label: 'one' }, { label: 'two' }]
    const parent = await system.spawn(tightNest, { props: { label: 'parent', journal, nestlings } })
    const one = (await system.lookup('one', nest)) as ActorRef<Nest>

    await expect(one.ask.fail()).rejects.toThrow(RangeError)
    await vi.waitUntil(() => journalLines().length === 7)

    expect(journalLines().slice(3)).toEqual(['one stops', 'two stops', 'one starts', 'two starts'])
    await system.stop(parent)
  })

  test('starts nothing that outlives a parent that ends meanwhile, and one that has ended starts nothing', async () => {
    const gate = await system.spawn(gates, { placement: 'main' })
    const parent = await system.spawn(nest, { props: { label: 'parent' }, shutdownMs: 100 })
    for (let n = 0; n < 20; n++) parent.tell.hatchLater({ label: `late-${n}` })
    const waits = parent.ask.waitAt(gate).catch(() => undefined)
    await system.stop(parent)
    openGate()
    await waits

    for (let n = 0; n < 20; n++) expect(await system.lookup(`late-${n}`)).toBeUndefined()
  })
})

describe('context.stop()', () => {
  test('stops a child, and one further below, with all that it has started', async () => {
    const { parent, find } = await startFamily('own-thread')
    const [two, grandchild] = [await find('two'), await find('grandchild')]

    await parent.ask.stopOther(grandchild)
    expect(await system.lookup('grandchild')).toBeUndefined()
    await parent.ask.stopOther(two)
    await parent.ask.stopOther(two)

    expect(journalLines().slice(4)).toEqual(['grandchild stops', 'two stops'])
    await parent.ask.hatch({ label: 'two' })
    await system.stop(parent)
    await expectNobody()
  })

  test('refuses to stop any other', async () => {
    const { parent, find } = await startFamily('shared')
    const [one, two] = [await find('one'), await find('two')]

    for (const [by, other] of [
      [one, two],
      [two, parent],
      [parent, parent],
    ] as const)
      await expect(by.ask.stopOther(other)).rejects.toMatchObject({
        name: 'NotADescendantError',
        code: 'ZERA_NOT_A_DESCENDANT',
        actor: other.toString(),
      })
    expect(await parent.ask.label()).toBe('parent')
    await system.stop(parent)
  })
})

describe('across threads and processes', () => {
  test('children end when the thread of their parent dies, and are started anew with it', async () => {
    const { parent, find } = await startFamily('own-thread')
    const before = await find('two')

    await parent.ask.exit().catch(() => undefined)
    await vi.waitUntil(() => journalLines().length === 11, 10_000)

    expect(journalLines()).toEqual([...STARTS, ...STOPS.slice(0, 3), ...STARTS])
    await expect(before.ask.label()).rejects.toMatchObject({ name: 'ActorStoppedError' })
    await system.stop(parent)
    await expectNobody()
  })

  test.each(['own-thread', 'own-process'] as const)(
    'a child with an %s that dies is restarted, and its parent does not notice',
    async placement => {
      const { parent, find } = await startFamily('shared', placement)
      const two = await find('two')

      await two.ask.exit().catch(() => undefined)
      await vi.waitUntil(() => journalLines().at(-1) === 'two starts', 10_000)

      expect(journalLines()).toEqual([...STARTS, 'grandchild stops', 'grandchild starts', 'two starts'])
      expect(await two.ask.label()).toBe('two')
      await system.stop(parent)
      await expectNobody()
    },
  )

  test('the snapshot shows children below their parent, and the receipt has them before it', async () => {
    const own = await startSystem({ threads: 1, handleSignals: false })
    const nestlings = [{ label: 'one' }, { label: 'two', nestlings: [{ label: 'grandchild' }] }]
    await own.spawn(nest, { name: 'parent', props: { label: 'parent', nestlings } })

    const { tree } = await own.snapshot()
    const { actors, isClean } = await own.stop()

    const namesOf = (children: readonly ChildSnapshot[]): unknown[] =>
      children.map(({ actor, children: below }) => [actor?.name, ...namesOf(below)])
    expect(namesOf(tree)).toEqual([['parent', ['one'], ['two', ['grandchild']]]])
    expect(actors.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'grandchild drained',
      'two drained',
      'one drained',
      'parent drained',
    ])
    expect(isClean).toBe(true)
  })

  test('a stop of the system ends a spawn that is under way', async () => {
    const own = await startSystem({ threads: 2, handleSignals: false, log: { level: 'error', sink: SILENT } })
    const parent = await own.spawn(nest, { props: { label: 'parent' }, shutdownMs: 500 })
    const hatched = Array.from({ length: 30 }, (_, n) =>
      parent.ask.hatch({ label: `c${n}` }).then(
        () => 'started',
        (error: Error) => error.name,
      ),
    )
    await nextEvent(own, 'actor-started', ({ actor }) => actor.name === 'c3')

    const { left } = await own.stop()

    expect(Object.values(left).every(count => count === 0)).toBe(true)
    expect(await Promise.all(hatched)).toContain('started')
  })
})
