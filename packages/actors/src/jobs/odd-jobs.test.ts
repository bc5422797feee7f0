import { isError, toError } from '@zera/core/internal'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ODD_THENABLES, ODD_THROWN } from '../../../core/dist/fixtures/odd-values.js'
import type { oddJob } from '../fixtures/actors/failing/odd.js'
import { expectNoLeaksAfterAll } from '../fixtures/leaks.js'
import { startSystem, type JobDefinition, type System } from '../index.js'

const job: JobDefinition<Parameters<typeof oddJob>, Promise<unknown>> = {
  url: new URL('../fixtures/actors/failing/odd.js', import.meta.url),
  name: 'oddJob',
}

expectNoLeaksAfterAll()
let system: System
beforeAll(async () => void (system = await startSystem({ threads: 0, handleSignals: false, compute: { threads: 1 } })))
afterAll(async () => void (await system.stop()))

test.each([
  ...ODD_THROWN.map(({ name }, at) => ({ what: `throws ${name}`, kind: 'throws' as const, at })),
  ...ODD_THENABLES.map(({ name }, at) => ({ what: `returns ${name}`, kind: 'returns' as const, at })),
])('a job that $what rejects with an error, and others run', async ({ kind, at }) => {
  const failed = system.compute(job, [{ kind, at }, false]).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  const next = system.compute((n: number) => n + 1, [at])

  const error = await failed
  expect(isError(error) && toError(error) === error).toBe(true)
  expect(await next).toBe(at + 1)
})
