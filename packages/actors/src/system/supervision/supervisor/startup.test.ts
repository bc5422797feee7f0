import { expect, test } from 'vitest'
import { Startup } from './startup.js'

test('Startup.run() is over when what ended early is treated, and what followed from that', async () => {
  const startup = new Startup()
  const done: string[] = []
  const treat = async (what: string, next?: () => void): Promise<void> => {
    await startup.started
    done.push(what)
    next?.()
  }

  await startup.run(async () => {
    startup.waitFor(treat('restart', () => startup.waitFor(treat('second try'))))
    await Promise.resolve()
    done.push('all started')
  })

  expect(done).toEqual(['all started', 'restart', 'second try'])
  expect(startup.isOver).toBe(true)
})

test('Startup.run() throws why a child did not start, and why its supervisor gave up', async () => {
  const [thrown, failed] = [new Startup(), new Startup()]

  await expect(thrown.run(async () => Promise.reject(new RangeError('no')))).rejects.toBeInstanceOf(RangeError)
  await expect(failed.run(async () => failed.fail(new TypeError('too often')))).rejects.toBeInstanceOf(TypeError)

  await Promise.all([thrown.started, failed.started])
  expect([thrown.isStarting, failed.isOver]).toEqual([false, true])
})
