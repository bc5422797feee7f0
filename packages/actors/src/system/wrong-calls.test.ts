import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mistakenClass, mistakenFactory, type Mistaken } from '../fixtures/actors/mistaken.js'
import { nextEvent } from '../fixtures/next-event.js'
import { UnknownMethodError } from '../model/errors.js'
import type { ActorRef } from '../model/refs/ref.js'
import { startSystem } from './start-system.js'
import type { System } from './system.js'

type Call = (...args: unknown[]) => unknown
type Calls = Readonly<Record<string, Call>>

const QUIET = { level: 'error', sink: new URL('../fixtures/silent-sink.js', import.meta.url) } as const

let system: System

beforeAll(
  async () => void (system = await startSystem({ threads: 1, nodes: [{ name: 'other', threads: 1 }], log: QUIET })),
)
afterAll(() => system.stop())

/** A ref as a program without types sees it. */
function loose(ref: ActorRef<Mistaken>): { readonly tell: Calls; readonly ask: Calls; readonly stream: Calls } {
  return ref as never
}

function refused(promise: unknown): Promise<unknown> {
  return Promise.resolve(promise).then(
    () => 'nothing',
    (error: unknown) => error,
  )
}

describe.each([
  ['class', mistakenClass],
  ['factory', mistakenFactory],
] as const)('a wrong call to an actor made by a %s', (_kind, definition) => {
  describe.each(['main', 'shared', 'own-thread', 'any-node', 'pool'] as const)('placed %s', placement => {
    let ref: ActorRef<Mistaken>

    beforeAll(async () => {
      ref =
        placement === 'pool'
          ? await system.startPool(definition, { size: 1, maxRestarts: 0 })
          : await system.spawn(definition, { placement, maxRestarts: 0 })
    })
    afterAll(() => system.stop(ref))

    test.each([
      ['ask', 'upTo'],
      ['ask', 'later'],
      ['ask', 'promised'],
      ['ask', 'missing'],
      ['ask', 'limit'],
      ['ask', 'onStart'],
      ['stream', 'add'],
      ['stream', 'addLater'],
      ['stream', 'missing'],
      ['stream', 'limit'],
    ] as const)('%s of %s() is given back, and the actor keeps its state', async (verb, method) => {
      const before = await ref.ask.add(1)
      const called = loose(ref)[verb][method]?.(0)

      const error = await refused(verb === 'ask' ? called : (called as AsyncGenerator).next())

      expect(error).toBeInstanceOf(UnknownMethodError)
      expect(error).toMatchObject({ method, args: [0] })
      expect(await ref.ask.calls()).toBe(before)
    })

    test.each(['upTo', 'later', 'promised', 'missing', 'limit'])(
      'tell of %s() is a dead letter with an error',
      async method => {
        const before = await ref.ask.add(1)
        const letter = nextEvent(system, 'dead-letter')

        expect(loose(ref).tell[method]?.(0)).toBe(true)

        expect(await letter).toMatchObject({
          method,
          reason: 'unknown-method',
          error: { name: 'UnknownMethodError' },
          target: { definition: definition.name },
        })
        expect(await ref.ask.calls()).toBe(before)
      },
    )
  })
})
