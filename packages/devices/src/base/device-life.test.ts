import { ManualClock } from '@zera/core/testing'
import { expect, test } from 'vitest'
import { DeviceLife } from './device-life.js'
import { DeviceEndedError } from './errors.js'

test('DeviceLife.stop() stops once, and nothing else may be wanted from then on', async () => {
  const life = new DeviceLife('broker', new ManualClock())
  const deadlines: number[] = []
  const stop = async (timeoutMs: number): Promise<void> => void deadlines.push(timeoutMs)
  life.expectRunning('pause')

  await Promise.all([life.stop({ timeoutMs: 7 }, stop), life.stop({}, stop)])

  expect(deadlines).toEqual([7])
  expect(() => life.expectRunning('pause')).toThrow(DeviceEndedError)
})

test('DeviceLife.untilWithin() says whether something holds in time, or the device closed', async () => {
  const clock = new ManualClock()
  const life = new DeviceLife('broker', clock)
  let holds = false
  const inTime = life.untilWithin(10, () => holds)
  const late = life.untilWithin(10, () => false)

  holds = true
  life.change()
  expect(await inTime).toBe(true)
  clock.advance(10)
  expect(await late).toBe(false)

  const closed = life.untilWithin(10, () => false)
  life.close()
  expect(await closed).toBe(true)
})
