import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, test } from 'vitest'
import { startSystem } from '../../index.js'

test('each event of a system comes by a channel of Node, with the name of the system', async () => {
  const heard: unknown[] = []
  const listen = (message: unknown): void => void heard.push(message)
  subscribe('zera:host-started', listen)
  subscribe('zera:stopping', listen)
  try {
    const system = await startSystem({ name: 'shop', threads: 1, handleSignals: false })
    await system.stop()
    const quiet = await startSystem({ name: 'other', threads: 0, handleSignals: false })
    unsubscribe('zera:stopping', listen)
    await quiet.stop()
  } finally {
    unsubscribe('zera:host-started', listen)
    unsubscribe('zera:stopping', listen)
  }

  expect(heard).toEqual([{ system: 'shop', host: 1, incarnation: 1 }, { system: 'shop' }])
})
