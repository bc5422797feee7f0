import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

test('simulate() runs in a thread of a test runner, and startSystem() says so there', async () => {
  const worker = new Worker(new URL('../../fixtures/programs/thread-simulates.js', import.meta.url))

  const [said] = (await once(worker, 'message')) as [{ counts: number[]; code: string; text: string }]
  await worker.terminate()

  expect(said).toMatchObject({ counts: [1, 2, 1, 2], code: 'ZERA_NOT_MAIN_THREAD' })
  expect(said.text).toContain('simulate')
})
