import { openSocket, type Sockets } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { startForwarder } from '../proxy/forwarder.js'
import { startBarrier } from './barrier.js'
import { meetAtBarrier } from './meet-at-barrier.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'

describe('startBarrier()', () => {
  test('lets nothing be lost of what is published when all have met', async () => {
    await using publisher = await openSocket('XPUB', { noDrop: true })
    const endpoint = await publisher.bind(ANY)
    await using barrier = await startBarrier({ publisher, bind: ANY, subscribers: 5 })
    const place = barrier.endpoints[0]
    const subscribers = Array.from({ length: 5 }, async () => {
      await using subscriber = await subscriberAt(endpoint)
      await meetAtBarrier(subscriber, { barrier: place })
      const received: string[] = []
      while (received.length < 1000) received.push(String(await subscriber.receive()))
      return received
    })

    await barrier.whenMet()
    const sent = Array.from({ length: 1000 }, (_, number) => String(number))
    for (const text of sent) await publisher.send(text)

    expect(await Promise.all(subscribers)).toEqual(Array.from({ length: 5 }, () => sent))
    expect(barrier.arrived).toBe(5)
    await barrier.whenLeft()
  })

  test('works through a forwarder', async () => {
    await using forwarder = await startForwarder({ frontend: ANY, backend: ANY })
    await using publisher = await openSocket('XPUB')
    await publisher.connect(forwarder.endpoints.frontend[0])
    await using barrier = await startBarrier({ publisher, bind: ANY, subscribers: 1 })
    await using subscriber = await subscriberAt(forwarder.endpoints.backend[0])

    await meetAtBarrier(subscriber, { barrier: barrier.endpoints[0] })
    await barrier.whenMet()
    await publisher.send('first')

    expect(String(await subscriber.receive())).toBe('first')
  })

  test.each([
    [true, 1],
    [false, 0],
  ])('counts subscribers that give their word alone when trustsWords is %s', async (trustsWords, arrived) => {
    await using publisher = await openSocket('XPUB')
    await using barrier = await startBarrier({ publisher, bind: ANY, subscribers: 1, trustsWords })
    await using request = await openSocket('REQ')
    await request.connect(barrier.endpoints[0])

    await request.send('')
    await request.receive()

    expect(barrier.arrived).toBe(arrived)
  })

  test('does not answer a subscriber that its publisher has not seen', async () => {
    await using publisher = await openSocket('XPUB')
    await using barrier = await startBarrier({ publisher, bind: ANY, subscribers: 2 })
    await using liar = await openSocket('REQ')
    await liar.connect(barrier.endpoints[0])
    await liar.send('I receive, believe me')
    await using stranger = await openSocket('DEALER')
    await stranger.connect(barrier.endpoints[0])
    await stranger.send('no empty frame')
    await using honest = await openSocket('SUB')
    await honest.connect(await publisher.bind(ANY))

    await meetAtBarrier(honest, { barrier: barrier.endpoints[0] })

    expect(barrier.arrived).toBe(1)
    expect(liar.isReady).toBe(false)
  })

  test('gives waits up when their signal aborts, and when it is stopped', async () => {
    await using publisher = await openSocket('XPUB')
    const barrier = await startBarrier({ publisher, bind: ANY, subscribers: 1 })
    const reason = new Error('enough')

    await expect(barrier.whenMet({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const outcome = barrier.whenMet().catch((error: unknown) => error)
    await barrier.stop()
    expect(await outcome).toBeInstanceOf(Error)
    expect(await barrier.ended).toBeUndefined()
  })

  test('fails with its publisher', async () => {
    const publisher = await openSocket('XPUB')
    const barrier = await startBarrier({ publisher, bind: ANY, subscribers: 1 })

    await publisher.close()

    expect(await barrier.ended).toBeInstanceOf(Error)
    await expect(barrier.whenMet()).rejects.toBeInstanceOf(Error)
  })

  test.each([
    ['has aborted', true],
    ['aborts in the middle', false],
  ])('rejects its start with the reason of a signal that %s, and leaves nothing open', async (_when, isBefore) => {
    await using publisher = await openSocket('XPUB')
    const reason = new Error('not wanted')
    const given = new AbortController()
    if (isBefore) given.abort(reason)

    const starting = startBarrier({ publisher, bind: [ANY, ANY], subscribers: 1, signal: given.signal })
    given.abort(reason)

    await expect(starting).rejects.toBe(reason)
    await using next = await startBarrier({ publisher, bind: ANY, subscribers: 1 })
    expect(next.arrived).toBe(0)
  })

  test('refuses to have no endpoint', async () => {
    await using publisher = await openSocket('XPUB')
    await expect(startBarrier({ publisher, bind: [], subscribers: 1 })).rejects.toThrow(TypeError)
  })

  test.each([0, -1, 1.5])('refuses %d subscribers', async subscribers => {
    await using publisher = await openSocket('XPUB')
    await expect(startBarrier({ publisher, bind: ANY, subscribers })).rejects.toThrow(RangeError)
  })
})

async function subscriberAt(endpoint: string): Promise<Sockets['SUB']> {
  const subscriber = await openSocket('SUB')
  await subscriber.subscribe('')
  await subscriber.connect(endpoint)
  return subscriber
}
