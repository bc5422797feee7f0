import { expect, test } from 'vitest'
import { SocketError } from '../base/errors/errors.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { startFixture } from '../fixtures/threads/threads.js'

expectNoLeaksAfterEach()

test('ThreadSignals: threads signal ready, go, done and cancel to each other', async () => {
  await using thread = await startFixture('signalled')
  const said: string[] = []

  thread.signals.send('go')
  await thread.signals.received('done')
  said.push('done')
  thread.signals.send('cancel')
  await thread.signals.received('cancelled')
  said.push('cancelled')

  expect(said).toEqual(['done', 'cancelled'])
})

test('ThreadSignals.received() takes signals that came before it was called, each once', async () => {
  await using thread = await startFixture('signalled')

  for (let time = 0; time < 3; time++) thread.signals.send('echo')
  // Signals arrive in order, so the echoes are there.
  thread.signals.send('go')
  await thread.signals.received('done')
  for (let time = 0; time < 3; time++) await thread.signals.received('echo')
  const controller = new AbortController()
  const fourth = thread.signals.received('echo', controller.signal)
  controller.abort(new Error('enough'))

  await expect(fourth).rejects.toThrow('enough')
})

test('ThreadSignals.received() rejects when the other side has ended', async () => {
  const thread = await startFixture('signalled')
  const waiting = thread.signals.received('never')

  const [outcome] = await Promise.all([Promise.allSettled([waiting]), thread.kill()])

  expect(outcome[0]).toMatchObject({ status: 'rejected', reason: expect.any(SocketError) as Error })
})
