import { openSocket, type Sockets } from '@zera/core'
import { describe, expect, test } from 'vitest'
import type { Device } from '../base/device.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { untilAsync } from '../fixtures/until.js'
import { startLastValueCache } from './last-value-cache.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'

describe('startLastValueCache()', () => {
  test('gives a late subscriber the last value of each key that matches, then what is published', async () => {
    await using cache = await startLastValueCache({ frontend: ANY, backend: ANY })
    await using publisher = await publish(
      cache,
      ['city/rome', '20'],
      ['city/oslo', '3'],
      ['river/tiber', '1'],
      ['city/rome', '21'],
    )

    await using late = await subscriber(cache, 'city/')

    expect([await next(late), await next(late)]).toEqual(['city/oslo 3', 'city/rome 21'])
    await publisher.send(['city/rome', '22'])
    expect(await next(late)).toBe('city/rome 22')
  })

  test('does so for a second subscriber of the same prefix, whose neighbour gets the value once more', async () => {
    await using cache = await startLastValueCache({ frontend: ANY, backend: ANY })
    await using publisher = await publish(cache, ['a', '1'])
    await using first = await subscriber(cache, 'a')
    expect(await next(first)).toBe('a 1')

    await using second = await subscriber(cache, 'a')

    expect(await next(second)).toBe('a 1')
    expect(await next(first)).toBe('a 1')
    await publisher.send(['a', '2'])
    expect(await next(first)).toBe('a 2')
  })

  test.each([
    ['forget-oldest', ['b 2', 'c 3']],
    ['refuse-new', ['a 1', 'b 2']],
  ] as const)('keeps as many keys as it may and then does %s, which it counts', async (whenFull, kept) => {
    await using cache = await startLastValueCache({ frontend: ANY, backend: ANY, maxKeys: 2, whenFull })
    await using publisher = await publish(cache, ['a', '1'], ['b', '2'], ['c', '3'])

    await using late = await subscriber(cache, '')

    expect([await next(late), await next(late)]).toEqual(kept)
    expect((await cache.statistics()).lastValues).toEqual({ keys: 2, notKept: 1 })
    expect(publisher.isClosed).toBe(false)
  })

  test.each([0, -1, 1.5, NaN])('refuses %d keys', async maxKeys => {
    await expect(startLastValueCache({ frontend: ANY, backend: ANY, maxKeys })).rejects.toThrow(RangeError)
  })

  test('refuses a policy that there is not', async () => {
    await expect(
      startLastValueCache({ frontend: ANY, backend: ANY, whenFull: 'panic' as 'refuse-new' }),
    ).rejects.toThrow(TypeError)
  })
})

/** A publisher whose messages have arrived in the cache. */
async function publish(cache: Device, ...messages: readonly (readonly string[])[]): Promise<Sockets['XPUB']> {
  const publisher = await openSocket('XPUB')
  await publisher.connect(cache.endpoints.frontend[0])
  await publisher.receive()
  for (const message of messages) await publisher.send(message)
  await untilAsync('all have arrived', async () => (await cache.statistics()).toBackend.messages === messages.length)
  return publisher
}

async function subscriber(cache: Device, prefix: string): Promise<Sockets['SUB']> {
  const socket = await openSocket('SUB')
  await socket.subscribe(prefix)
  await socket.connect(cache.endpoints.backend[0])
  return socket
}

async function next(socket: Sockets['SUB']): Promise<string> {
  return (await socket.receive()).join(' ')
}
