import { setEnvironmentData } from 'node:worker_threads'
import { isError, toError } from '@zera/core/internal'
import { expect, test } from 'vitest'
import { ODD_THENABLES, ODD_THROWN } from '../../../core/dist/fixtures/odd-values.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { startSystem } from '../index.js'

expectNoLeaksAfterEach()

test.each([
  ...ODD_THROWN.map(({ name }, at) => ({ what: `throws ${name}`, kind: 'throws', at })),
  ...ODD_THENABLES.map(({ name }, at) => ({ what: `returns ${name}`, kind: 'returns', at })),
])('a container module that $what keeps a system from its start, and nothing is left', async ({ kind, at }) => {
  setEnvironmentData('odd container', { kind, at })
  const container = new URL('../fixtures/containers/odd-container.js', import.meta.url)

  // In the main thread, whose container is filled first.
  const error = await startSystem({ threads: 1, container, handleSignals: false }).catch((thrown: unknown) => thrown)

  expect(error).toMatchObject({ code: 'ZERA_CONTAINER' })
  expect(isError(error) && toError(error) === error).toBe(true)
})
