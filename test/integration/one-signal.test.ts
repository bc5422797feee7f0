import { getEventListeners } from 'node:events'
import { startSystem } from '@zera/actors'
import { Barrier, Latch, openSocket, Poller } from '@zera/core'
import { expect, test } from 'vitest'
import Echo from '../stress/leaks/echo.js'

test('one signal for twenty of each kind warns of nothing and leaves nothing', async () => {
  const warnings: Error[] = []
  const warned = (warning: Error): void => void warnings.push(warning)
  process.on('warning', warned)
  const { signal } = new AbortController()
  const twenty = <T>(make: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 20 }, make))

  const system = await startSystem({ threads: 1 })
  const actor = await system.spawn(Echo)
  const latch = new Latch()
  const parties = new Barrier(20)
  const sockets = await twenty(() => openSocket('PULL', { receiveTimeout: 1 }))
  const waits = [
    twenty(() => system.compute((n: number) => n, [1], { signal })),
    twenty(() => system.watch(actor, { signal })),
    twenty(() => latch.passed(signal)),
    twenty(() => parties.arrive(signal)),
    twenty(() => new Poller().wait({ timeoutMs: 1, signal })),
    ...sockets.map(socket => socket.receive({ signal }).catch(() => undefined)),
  ]
  expect(getEventListeners(signal, 'abort').length).toBeLessThan(3)
  latch.open()
  await system.stop(actor)
  await Promise.all(waits)
  await Promise.all(sockets.map(socket => socket.close()))
  await system.stop()

  expect([getEventListeners(signal, 'abort'), warnings]).toEqual([[], []])
  process.off('warning', warned)
})
