import { describe, expect, test } from 'vitest'
import { TurningClock } from '../../fixtures/turning-clock.js'
import { WaitTimeoutError } from '../errors/errors.js'
import { waitFor, type WaitOptions } from './wait.js'

/** A wait for something that the test ends. */
function begin(options: WaitOptions) {
  const clock = new TurningClock()
  const late: string[] = []
  let resolve: (value: string) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<string>((found, failed) => ([resolve, reject] = [found, failed]))
  const begun: (AbortSignal | undefined)[] = []
  const wait = waitFor<string>(
    clock,
    { action: 'look', leaves: 'nothing', late: value => late.push(value) },
    options,
    givenUp => {
      begun.push(givenUp)
      return promise
    },
  )
  return { clock, late, work: { promise, resolve, reject }, begun, wait }
}

describe('waitFor()', () => {
  test('gives what comes in time, and leaves neither timer nor listener', async () => {
    const { clock, work, wait, begun } = begin({ timeoutMs: 100, signal: new AbortController().signal })

    work.resolve('found')

    expect(await wait).toBe('found')
    clock.advance(1000)
    expect([clock.timers, begun[0]?.aborted]).toEqual([0, false])
  })

  test('rejects with a WaitTimeoutError when its time has passed, and aborts what was begun', async () => {
    const { clock, wait, begun } = begin({ timeoutMs: 100 })

    clock.advance(100)

    await expect(wait).rejects.toMatchObject({ code: 'ZERA_WAIT_TIMEOUT', timeoutMs: 100, leaves: 'nothing' })
    expect(begun[0]?.reason).toBeInstanceOf(WaitTimeoutError)
  })

  test('rejects at once with the reason of the signal', async () => {
    const abort = new AbortController()
    const { clock, wait, begun } = begin({ signal: abort.signal, timeoutMs: 100 })

    abort.abort('enough')

    await expect(wait).rejects.toBe('enough')
    expect([begun[0]?.reason, clock.timers]).toEqual(['enough', 0])
  })

  test('begins nothing with a signal that has aborted', async () => {
    const { wait, begun } = begin({ signal: AbortSignal.abort('too late') })

    await expect(wait).rejects.toBe('too late')
    expect(begun).toEqual([])
  })

  test('undoes what comes up when its caller has stopped waiting', async () => {
    const { clock, late, work, wait } = begin({ timeoutMs: 1 })
    clock.advance(1)
    await expect(wait).rejects.toBeInstanceOf(WaitTimeoutError)

    work.resolve('actor')
    await work.promise

    expect(late).toEqual(['actor'])
  })

  test('ignores what fails when its caller has stopped waiting', async () => {
    const { clock, late, work, wait } = begin({ timeoutMs: 1 })
    clock.advance(1)
    await expect(wait).rejects.toBeInstanceOf(WaitTimeoutError)

    work.reject(new Error('in vain'))
    await expect(work.promise).rejects.toThrow('in vain')

    expect(late).toEqual([])
  })

  test.each([-1, NaN])('refuses %d for a time', async timeoutMs => {
    const { wait, begun } = begin({ timeoutMs })

    await expect(wait).rejects.toBeInstanceOf(RangeError)
    expect(begun).toEqual([])
  })
})
