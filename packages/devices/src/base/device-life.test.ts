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

test('DeviceLife.drain() refuses requests, and says whether the open ones were answered in time', async () => {
  const clock = new ManualClock()
  const life = new DeviceLife('broker', clock)
  const requests = {
    open: 1,
    refused: 0,
    refuse: () => (requests.refused += 1),
    areAnswered: () => requests.open === 0,
  }
  const late = life.drain({ timeoutMs: 10 }, requests)
  clock.advance(10)
  expect(await late).toBe(false)

  const inTime = life.drain(undefined, requests)
  requests.open = 0
  life.change()
  expect(await inTime).toBe(true)

  expect(requests.refused).toBe(2)
  await expect(life.drain({ timeoutMs: -1 }, requests)).rejects.toThrow(RangeError)
  life.close()
  await expect(life.drain({}, requests)).rejects.toBeInstanceOf(DeviceEndedError)
})
