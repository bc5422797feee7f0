import { expect, test } from 'vitest'
import CounterActor from '../../fixtures/actors/counter.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { SelfStarter } from '../../fixtures/modules/starts-system.js'
import { startSystem } from '../../system/start-system.js'
import { defineActor } from '../definition.js'
import { ActorStartError } from '../errors.js'

expectNoLeaksAfterEach()

/** The codes of an error and its causes. */
function codesOf(error: unknown): string[] {
  const { code, cause } = error as { readonly code?: string; readonly cause?: unknown }
  return [code ?? 'none', ...(cause === undefined ? [] : codesOf(cause))]
}

test('a module that starts a system in each thread is refused at each spawn, and nothing else goes down with it', async () => {
  await using system = await startSystem({ threads: 1, spares: 1 })
  const down: string[] = []
  system.events.on('host-down', ({ reason }) => down.push(reason))
  const neighbour = await system.spawn(CounterActor)

  for (const how of ['awaits', 'exits', 'forgets']) {
    const { href } = new URL(`../../fixtures/modules/starts-system.js?${how}`, import.meta.url)
    const definition = defineActor(href, SelfStarter)
    for (const placement of [
      'shared',
      'shared',
      'own-thread',
      ...(how === 'exits' ? (['own-process'] as const) : []),
    ] as const) {
      const error: unknown = await system.spawn(definition, { placement }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ActorStartError)
      expect([how, placement, ...codesOf(error)]).toEqual([
        how,
        placement,
        'ZERA_ACTOR_START',
        'ZERA_DEFINITION',
        'ZERA_NOT_MAIN_THREAD',
      ])
    }
    const error: unknown = await system.compute({ url: href, name: 'work' }, []).catch((thrown: unknown) => thrown)
    expect(codesOf(error)).toEqual(['ZERA_JOB_NOT_FOUND', 'ZERA_NOT_MAIN_THREAD'])
    await expect((await system.spawn(definition, { placement: 'main' })).ask.work()).resolves.toBe('done')
  }

  expect(await neighbour.ask.add(1)).toBe(1)
  expect(down).toEqual([])
})
