import { describe, expect, test } from 'vitest'
import * as devices from '../index.js'

type Start = (...args: unknown[]) => Promise<unknown>
const { startGateway, startBarrier, startBroker, startBrokerClient, startBrokerWorker, startServer, ...proxies } = {
  ...(devices as unknown as Readonly<Record<string, Start>>),
} as Readonly<Record<string, Start>>

describe('an option that there is not', () => {
  test.each([
    ...['startProxy', 'startQueue', 'startForwarder', 'startStreamer', 'startLastValueCache', 'startBridge'].map(
      name => [name, proxies[name]] as const,
    ),
    ['startGateway', startGateway] as const,
    ['startBarrier', startBarrier] as const,
    ['startBroker', startBroker] as const,
    ['startBrokerClient', startBrokerClient] as const,
    ['startBrokerWorker', startBrokerWorker] as const,
  ])('is refused by name by %s', async (_name, start) => {
    const error: unknown = await start?.({ signals: 1 }).catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toContain('no option signals;')
  })

  test('is refused in a side', async () => {
    const sides = { frontend: { binds: 'inproc://a' }, backend: 'inproc://b' }

    await expect(proxies['startQueue']?.(sides)).rejects.toThrow(/no option binds;/u)
  })

  test('is refused by startServer', async () => {
    await expect(startServer?.(new URL('./no.js', import.meta.url), { thread: 1 })).rejects.toThrow(
      /no option thread;/u,
    )
  })
})
