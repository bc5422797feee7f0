import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { actorContext, defineActor, startSystem, type ActorRef, type System } from '../../index.js'

expectNoLeaksAfterAll()

const happened: string[] = []

class Plain {
  readonly label: string = 'plain'
  constructor() {
    happened.push('made')
  }
  onStart(props: string): void {
    happened.push(`${props} starts`)
  }
}
const plain = defineActor(import.meta.url, Plain)

/** Starts the next of its kind in its own start, and waits for none. */
class Link {
  readonly #context = actorContext()
  onStart({ left, last }: { readonly left: number; readonly last: () => void }): void {
    if (left === 0) last()
    else void this.#context.spawn(link, { placement: 'main', props: { left: left - 1, last } })
  }
}
const link = defineActor(import.meta.url, Link)

/** Stops itself, or the system's own supervisor stops it, in the middle of its start. */
class Leaver {
  readonly #context = actorContext()
  onStart(how: 'by itself' | 'by the system'): void {
    if (how === 'by itself') this.#context.stop()
    else for (const { id, state } of system.root.children) if (state === 'starting') void system.root.remove(id)
  }
}
const leaver = defineActor(import.meta.url, Leaver)

let system: System
beforeAll(async () => void (system = await startSystem({ threads: 0, log: false })))
afterAll(async () => void (await system.stop()))

test('spawn() runs no code of the actor in its own call, and starts those that wait for nothing in their order', async () => {
  happened.length = 0
  using listening = system.events.on('actor-started', ({ actor }) => void happened.push(`${actor.name} runs`))
  const starts = ['a', 'b'].map(name => system.spawn(plain, { name, props: name, placement: 'main' }))
  happened.push('asked for')

  const [a, b] = await Promise.all(starts)

  expect(happened).toEqual(['asked for', 'made', 'a starts', 'a runs', 'made', 'b starts', 'b runs'])
  listening.cancel()
  for (const ref of [a, b]) await system.stop(ref as ActorRef<Plain>)
})

test('spawn() of a name that was asked for in the same turn is refused', async () => {
  const [first, second] = await Promise.allSettled(
    ['first', 'second'].map(props => system.spawn(plain, { name: 'same', props, placement: 'main' })),
  )

  expect([first?.status, second]).toMatchObject([
    'fulfilled',
    { status: 'rejected', reason: { name: 'NameTakenError' } },
  ])
  await system.stop((first as PromiseFulfilledResult<ActorRef<Plain>>).value)
})

test('context.spawn() starts actors that start each other in their onStart, however many', async () => {
  let top: ActorRef<Link> | undefined
  await new Promise<void>(resolve => {
    void system
      .spawn(link, { placement: 'main', props: { left: 1000, last: resolve } })
      .then(started => (top = started))
  })

  await system.stop(top as ActorRef<Link>)
  expect(system.root.children).toEqual([])
})

test.each(['by itself', 'by the system'] as const)(
  'spawn() of one that is stopped in its onStart %s rejects',
  async how => {
    await expect(system.spawn(leaver, { placement: 'main', props: how })).rejects.toMatchObject({
      name: 'ActorStartError',
    })

    expect(system.root.children).toEqual([])
  },
)
