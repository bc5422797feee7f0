import { expect, test } from 'vitest'
import type { SupervisionParts } from '../supervision-parts.js'
import { ActorLife } from './actor-life.js'
import type { Exit } from './child-life.js'

/** An actor on the main thread whose host answers when the test says so. */
function asked(): { life: ActorLife; exits: Exit[]; started: Promise<void>; answer: PromiseWithResolvers } {
  const answer = withResolvers()
  const exits: Exit[] = []
  const nothing = (): void => undefined
  const parts = {
    nextId: () => 17,
    names: { take: () => true, keep: nothing, doubt: nothing },
    actors: { add: nothing },
    families: { add: nothing, begin: () => 1 },
    watches: { forgetWatcher: nothing, ended: nothing },
    guardians: { start: () => answer.promise },
    limit: { hasBegun: false },
    hosts: { slots: [], registry: { obituaries: new Map() } },
  } as unknown as SupervisionParts
  const definition = { url: 'file:///actor.js', name: 'Actor' }
  const start = { kind: 'actor', name: '', definition, placement: 'main' } as unknown as ConstructorParameters<
    typeof ActorLife
  >[0]
  const owner = { exit: (exit: Exit) => void exits.push(exit) } as unknown as ConstructorParameters<typeof ActorLife>[3]
  const life = new ActorLife(start, 1000, parts, owner)
  return { life, exits, started: life.start(undefined) as Promise<void>, answer }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

function withResolvers(): PromiseWithResolvers {
  let [resolve, reject]: [() => void, (error: Error) => void] = [() => undefined, () => undefined]
  const promise = new Promise<void>((yes, no) => ([resolve, reject] = [yes, no]))
  return { promise, resolve, reject }
}

test('a failure that is told in one breath with the answer to the start counts', async () => {
  const { life, exits, started, answer } = asked()
  const error = new Error('at once')

  answer.resolve()
  life.failed(error, 'add')
  await started

  expect(exits).toEqual([{ kind: 'failed', error, method: 'add' }])
  expect(life.isRunning).toBe(false)
})

test('a failure that is told before the start is refused is that of the start', async () => {
  const { life, exits, started, answer } = asked()

  life.failed(new Error('at once'), 'add')
  answer.reject(new Error('no'))

  await expect(started).rejects.toThrow('no')
  expect(exits).toEqual([])
})
