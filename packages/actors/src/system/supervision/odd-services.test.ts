import type { Service } from '@zera/core'
import { isError, toError } from '@zera/core/internal'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ODD_THENABLES, ODD_THROWN, throwValue } from '../../../../core/dist/fixtures/odd-values.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import { ChildStartError, startSystem, type System } from '../../index.js'

expectNoLeaksAfterEach()

let system: System
beforeEach(async () => void (system = await startSystem({ threads: 0, handleSignals: false })))
afterEach(async () => void (await system.stop()))

function isReadable(error: unknown): boolean {
  return isError(error) && toError(error) === error
}

/** A service of which one part is odd. */
function serviceWith(part: Partial<Record<keyof Service, unknown>>): Service {
  let end: () => void = () => undefined
  const ended = new Promise<undefined>(resolve => (end = () => resolve(undefined)))
  return { ended, stop: async () => end(), ...part } as Service
}

const NEVER = new Promise<never>(() => undefined)

describe('a service', () => {
  test.each(ODD_THROWN)('whose start throws $name has not started', async ({ make }) => {
    for (const start of [() => throwValue(make()), async () => throwValue(make())]) {
      const error: unknown = await system.supervise([{ start }]).catch((thrown: unknown) => thrown)

      expect(error).toBeInstanceOf(ChildStartError)
      expect(isReadable(error)).toBe(true)
    }
  })

  test.each([
    ...ODD_THENABLES,
    ...[undefined, null, 5, {}, { ended: 5, stop: () => undefined }, { ended: NEVER }].map(value => ({
      name: JSON.stringify(value),
      make: () => value,
    })),
  ])('that is $name has not started', async ({ make }) => {
    await expect(system.supervise([{ start: () => make() as Promise<Service> }])).rejects.toBeInstanceOf(
      ChildStartError,
    )
  })

  test.each(ODD_THROWN)('whose end rejects with $name has failed', async ({ make }) => {
    const failed = nextEvent(system, 'child-failed')
    let end: (error: unknown) => void = () => undefined
    await system.supervise([
      { restart: 'temporary', start: async () => serviceWith({ ended: new Promise((_, reject) => (end = reject)) }) },
    ])

    end(make())

    expect(isReadable((await failed).error)).toBe(true)
  })

  test.each(ODD_THENABLES)('whose end is $name has failed, or not started', async ({ make }) => {
    const failed = nextEvent(system, 'child-failed')
    const started = system
      .supervise([{ restart: 'temporary', start: async () => serviceWith({ ended: make() }) }])
      .then(
        () => failed,
        (error: unknown) => ({ error }),
      )

    expect(isReadable((await started).error)).toBe(true)
  })

  test.each(ODD_THROWN)('whose stop throws $name is reported, and its siblings are stopped', async ({ make }) => {
    const stopped: string[] = []
    const sibling = serviceWith({})
    const failed = nextEvent(system, 'child-failed')
    await system.supervise([
      {
        id: 'sibling',
        start: async () => ({
          ended: sibling.ended,
          stop: async options => void stopped.push('sibling', String(await sibling.stop(options))),
        }),
      },
      { id: 'odd', start: async () => serviceWith({ stop: () => throwValue(make()) }) },
    ])

    const receipt = await system.stop()

    expect(isReadable((await failed).error)).toBe(true)
    expect(stopped).toEqual(['sibling', 'undefined'])
    expect(receipt.stopped).toMatchObject([{ outcome: 'failed' }, { outcome: 'drained' }, { kind: 'supervisor' }])
  })

  test.each(ODD_THENABLES)('whose stop returns $name is reported', async ({ make }) => {
    const failed = nextEvent(system, 'child-failed')
    await system.supervise([{ start: async () => serviceWith({ stop: make }) }])

    await system.stop()

    expect(isReadable((await failed).error)).toBe(true)
  })
})
