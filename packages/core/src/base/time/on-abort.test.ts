import { getEventListeners } from 'node:events'
import { expect, test, vi } from 'vitest'
import { callerClock } from './clock.js'
import { aborted, onAbort, settledOrAborted, whenAborted } from './on-abort.js'

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

test('onAbort() of a signal that has aborted runs soon, unless that is taken back', async () => {
  const run = vi.fn<(name: string) => void>()
  const signal = AbortSignal.abort()
  onAbort(signal, () => run('told'))
  onAbort(signal, () => run('taken back'))()
  whenAborted(callerClock, signal, () => run('told a waiter'))
  const within = run.mock.calls.length

  await aborted(signal)

  expect([within, run.mock.calls]).toEqual([0, [['told'], ['told a waiter']]])
})

test('onAbort() without a signal never runs', async () => {
  const run = vi.fn<() => void>()

  onAbort(undefined, run)()
  await aborted(AbortSignal.abort())

  expect(run).not.toHaveBeenCalled()
})

test('settledOrAborted() waits until either, and leaves no listener', async () => {
  const controller = new AbortController()
  const { signal } = controller
  await settledOrAborted(Promise.resolve(), signal)
  const left = getEventListeners(signal, 'abort').length
  const waited = settledOrAborted(new Promise(() => undefined), signal)
  controller.abort()

  await Promise.all([waited, settledOrAborted(new Promise(() => undefined), signal)])

  expect([left, getEventListeners(signal, 'abort').length]).toEqual([0, 0])
  await expect(settledOrAborted(Promise.reject(new RangeError('lost')), undefined)).rejects.toThrow(RangeError)
})

test('aborted() resolves when a signal aborts, and when it has already', async () => {
  const controller = new AbortController()
  const waited = aborted(controller.signal)

  controller.abort()

  await expect(Promise.all([waited, aborted(controller.signal)])).resolves.toEqual([undefined, undefined])
  expect(getEventListeners(controller.signal, 'abort')).toEqual([])
})
