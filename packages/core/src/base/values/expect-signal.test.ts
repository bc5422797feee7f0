import { describe, expect, test } from 'vitest'
import { Latch } from '../../words/latch.js'
import { signalSource } from '../receiving/poller.js'
import { expectSignal } from './expect-signal.js'

const controller = new AbortController()
const NO_SIGNALS: readonly unknown[] = [null, 500, 'signal', {}, controller, { signal: controller.signal }]

describe('expectSignal()', () => {
  test('takes a signal, and nothing', () => {
    for (const signal of [undefined, controller.signal, AbortSignal.abort()])
      expect(() => expectSignal('wait', signal)).not.toThrow()
  })

  test.each(NO_SIGNALS)('refuses anything else: %o', signal => {
    expect(() => expectSignal('wait', signal)).toThrow(TypeError)
  })

  test('names the signal of what has one', () => {
    for (const given of [controller, { signal: controller.signal }])
      expect(() => expectSignal('wait', given)).toThrow(/pass its signal/u)
  })
})

test.each(NO_SIGNALS)('a latch and a source refuse what is no signal: %o', async given => {
  await expect(new Latch().passed(given as AbortSignal)).rejects.toThrow(TypeError)
  expect(() => signalSource(given as AbortSignal)).toThrow(TypeError)
})
