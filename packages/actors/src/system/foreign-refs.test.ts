import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import Worker, { type Worker as WorkerClass } from '../fixtures/actors/worker.js'
import { expectNoLeaksAfterAll } from '../fixtures/leaks.js'
import type { ActorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import type { DeadLetter } from '../model/events/dead-letter.js'
import type { ActorRef } from '../model/refs/ref.js'
import { defineTopic } from '../model/refs/topic.js'
import { SeededSimulation } from '../testing/simulation/simulation.js'
import { startSystem } from './start-system.js'
import type { System } from './system.js'

type Ref = ActorRef<WorkerClass>

/** Runs on the main thread, where refs of both systems are: does what a test hands in, and gives what it returns. */
let doing: (context: ActorContext) => unknown
const onMain = defineActor(import.meta.url, function onMain(context) {
  return { run: () => doing(context), senderId: () => doing(context) }
})

const TOPIC = defineTopic<unknown>('news')

describe('a ref of another system', () => {
  expectNoLeaksAfterAll()

  let [own, other]: System[] = []
  let here: Ref
  let hereMain: ActorRef<{ run(): unknown; senderId(): unknown }>
  let foreign: Record<'actor' | 'pool', Ref>
  const events: string[] = []

  beforeAll(async () => {
    own = await startSystem({ threads: 1, name: 'own' })
    other = await startSystem({ threads: 1, name: 'other' })
    here = await own.spawn(Worker, { name: 'here' })
    const pool = await own.startPool(Worker, { size: 1 })
    foreign = {
      actor: await other.spawn(Worker, { name: 'there' }),
      pool: await other.startPool(Worker, { size: 1, name: 'crew' }),
    }
    hereMain = await own.spawn(onMain, { placement: 'main' })
    await Promise.all([own.group('all').join(here), own.topic(TOPIC).subscribe(here, 'echo')])
    // Each is what the other is in its own system.
    expect([foreign.actor.address, foreign.pool.address]).toEqual([
      expect.objectContaining({ host: here.address.host, id: here.address.id }),
      expect.objectContaining({ host: pool.address.host, id: pool.address.id }),
    ])
    for (const system of [own, other]) system.events.onAny(({ type }) => events.push(type))
  })
  afterAll(async () => {
    await own?.stop()
    await other?.stop()
  })
  afterEach(async () => {
    expect(events).toEqual([])
    expect([await here.ask.echo(1), await foreign.actor.ask.echo(2), await foreign.pool.ask.echo(3)]).toEqual([1, 2, 3])
    expect(own?.group('all').members.map(({ id }) => id)).toEqual([here.id])
  })

  const verbs: [string, (ref: Ref, system: System) => unknown][] = [
    ['system.stop()', (ref, system) => system.stop(ref)],
    ['system.killHost()', (ref, system) => system.killHost(ref)],
    ['system.watch()', (ref, system) => system.watch(ref)],
    ['group.join()', (ref, system) => system.group('all').join(ref)],
    ['group.leave()', (ref, system) => system.group('all').leave(ref)],
    ['group.tell', (ref, system) => system.group<WorkerClass>('all').tell.echo(ref)],
    ['topic.subscribe()', (ref, system) => system.topic(TOPIC).subscribe(ref, 'echo')],
    ['topic.unsubscribe()', (ref, system) => system.topic(TOPIC).unsubscribe(ref, 'echo')],
    ['topic.publish()', (ref, system) => system.topic(TOPIC).publish('key', { ref })],
    ['ref.tell', ref => here.tell.echo(ref)],
    ['ref.ask', ref => here.ask.echo(ref)],
    ['ref.ask, deep inside', ref => here.ask.echo({ list: [new Map([['ref', { ref }]])] })],
    ['ref.stream', ref => here.stream.count(ref as never).next()],
    ['a result', ref => answering(ref)],
    ['a result, deep inside', ref => answering([{ ref }])],
    ['props', (ref, system) => system.spawn(Worker, { props: { label: 'x', journal: ref as never } })],
    ['compute()', (ref, system) => system.compute((it: object) => it, [ref] as never)],
    ['context.watch()', ref => inActor(context => context.watch(ref, () => undefined))],
    ['context.link()', ref => inActor(context => context.link(ref))],
    ['context.stop()', ref => inActor(context => context.stop(ref))],
    ['context.group().join()', ref => inActor(context => context.group('all').join(ref))],
    ['context.topic().subscribe()', ref => inActor(context => context.topic(TOPIC).subscribe(ref, 'echo'))],
  ]
  const inActor = async (run: (context: ActorContext) => unknown): Promise<void> => {
    doing = context => thrownBy(() => run(context))
    throw await hereMain.ask.run()
  }
  /** An actor of this system gives it to one on another thread. */
  const answering = async (value: unknown): Promise<void> => {
    doing = () => value
    throw await here.ask.thrownBy(hereMain as never)
  }

  describe.each(['actor', 'pool'] as const)('to one %s', kind => {
    test.each(verbs)('is refused by %s, and nothing happens', async (_verb, use) => {
      const error = await thrownBy(() => use(foreign[kind], own as System))

      expect(error).toMatchObject({ name: 'TypeError' })
      expect((error as Error).message).toContain(String(foreign[kind]))
    })
  })

  test('is not equal to the actor that has its number, and has its own system', async () => {
    expect([here.equals(foreign.actor), foreign.actor.equals(here), here.id === foreign.actor.id]).toEqual([
      false,
      false,
      true,
    ])
  })

  test.each(['shared', 'main'] as const)('is no sender of a message to an actor placed %s', async placement => {
    const there = await (other as System).spawn(onMain, { placement: 'main', name: `sender to ${placement}` })
    const asked = placement === 'shared' ? here : await (own as System).spawn(Worker, { placement })
    events.length = 0
    doing = () => asked.ask.senderId()
    expect(await there.ask.run()).toBeUndefined()
  })

  test('a letter of another system is not replayed', async () => {
    const gone = await (other as System).spawn(Worker)
    await (other as System).stop(gone)
    const received = new Promise<DeadLetter>(resolve => (other as System).events.on('dead-letter', resolve))
    gone.tell.echo(1)
    const letter = await received
    events.length = 0

    expect(() => (own as System).replay(letter)).toThrow(TypeError)
    expect([...(other as System).deadLetters]).toContain(letter)
  })

  test('is refused by a simulation, whose own refs are good in all its threads', async () => {
    await new SeededSimulation(1, { threads: 2 }).run(async ({ system }) => {
      const [one, two] = [await system.spawn(Worker), await system.spawn(Worker)]

      expect(one.address.host).not.toBe(two.address.host)
      expect(await one.ask.identify(two)).toMatchObject({ isSelf: false })
      expect(await thrownBy(() => one.ask.echo(foreign.actor))).toMatchObject({ name: 'TypeError' })
      expect(await thrownBy(() => here.ask.echo(one))).toMatchObject({ name: 'TypeError' })
      expect(await thrownBy(() => system.stop(here))).toMatchObject({ name: 'TypeError' })
      expect(await two.ask.askOther(one)).toBe(two.address.id)
    })
  })
})

async function thrownBy(use: () => unknown): Promise<unknown> {
  try {
    await use()
  } catch (error) {
    return error
  }
  return undefined
}
