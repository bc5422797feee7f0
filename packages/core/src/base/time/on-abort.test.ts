import { getEventListeners } from 'node:events'
import { expect, test, vi } from 'vitest'
import { aborted, onAbort } from './on-abort.js'

test('onAbort() listens once to each signal, however many wait, and leaves nothing', () => {
  const { signal } = new AbortController()

  const ends = Array.from({ length: 20 }, () => onAbort(signal, () => undefined))
  const whileTheyWait = getEventListeners(signal, 'abort').length
  for (const end of ends) end()

  expect([whileTheyWait, getEventListeners(signal, 'abort').length]).toEqual([1, 0])
})

test('onAbort() runs each once, in their order, but those that ended it, also where one ends another', () => {
  const controller = new AbortController()
  const run = vi.fn<(name: string) => void>()
  onAbort(controller.signal, () => {
    run('first')
    endThird()
  })
  onAbort(controller.signal, () => run('ended'))()
  onAbort(controller.signal, () => run('second'))
  const endThird = onAbort(controller.signal, () => run('third'))

  controller.abort()
  controller.abort()
  endThird()

  expect(run.mock.calls).toEqual([['first'], ['second'], ['third']])
  expect(getEventListeners(controller.signal, 'abort')).toEqual([])
})

test('aborted() resolves when a signal aborts, and when it has already', async () => {
  const controller = new AbortController()
  const waited = aborted(controller.signal)

  controller.abort()

  await expect(Promise.all([waited, aborted(controller.signal)])).resolves.toEqual([undefined, undefined])
  expect(getEventListeners(controller.signal, 'abort')).toEqual([])
})
