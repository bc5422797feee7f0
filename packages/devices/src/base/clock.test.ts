import { MessageChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { systemClock, within } from './clock.js'

test('systemClock.after() does not run what has been cancelled by something that came in time, however busy the thread was', async () => {
  const { port1, port2 } = new MessageChannel()
  const ran: string[] = []
  const cancel = systemClock.after(5, () => ran.push('cancelled'))
  const arrived = new Promise<void>(resolve => port1.once('message', () => resolve(cancel())))
  const inTime = within(systemClock, 5, arrived)

  port2.postMessage('in time')
  for (const begun = performance.now(); performance.now() - begun < 30;);

  expect(await inTime).toBe(true)
  await new Promise<void>(resolve => systemClock.after(5, resolve))
  expect(ran).toEqual([])
  port1.close()
})
