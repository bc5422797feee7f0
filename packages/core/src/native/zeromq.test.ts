import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

test('zeromq is loaded inside the kill gate', async () => {
  const worker = new Worker(new URL('../fixtures/threads/sockets/loads-zeromq.js', import.meta.url))

  const [message] = (await once(worker, 'message')) as [unknown]

  expect(message).toEqual({ isKillLetIn: false })
  await once(worker, 'exit')
})
