import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { startThread } from '../../thread/starter/start-thread.js'
import { renderDiagnosis, type Finding } from '../diagnosis.js'
import { bindable, plugged } from '../fixtures/plugged.js'
import { SOCKET_LIMITS } from '../options/socket-limits.js'
import { HostUnreachableError, SocketStateError, WouldBlockError } from '../socket-errors.js'
import { doctor } from './doctor.js'
import { openSocket } from './open-socket.js'

expectNoLeaksAfterEach()

/** What is found at the sockets of an endpoint that no other test has. */
async function findingsAt(endpoint: string): Promise<Finding[]> {
  const { findings } = await doctor()
  return findings.filter(({ socket }) => socket.endpoints.includes(endpoint))
}

describe('doctor()', () => {
  test('finds nothing where nothing is wrong', async () => {
    await using pair = await plugged('REP', 'REQ')

    await pair.right.send('Hello')
    await pair.left.receive()

    expect(await findingsAt(pair.endpoint)).toEqual([])
  })

  test('finds a SUB without subscription, until it subscribes', async () => {
    await using pair = await plugged('PUB', 'SUB', { transport: 'inproc' })

    const [finding, ...others] = await findingsAt(pair.endpoint)
    await pair.right.subscribe('weather')

    expect(finding).toMatchObject({
      cause: 'no-subscription',
      count: 1,
      socket: { type: 'SUB', thread: 'the main thread', endpoints: [pair.endpoint], isClosed: false },
    })
    expect(others).toEqual([])
    expect(await findingsAt(pair.endpoint)).toEqual([])
  })

  test.each(['inproc', 'tcp'] as const)(
    'counts what a PUB sends over %s before the first subscription',
    async transport => {
      await using pub = await openSocket('PUB')
      const endpoint = await pub.bind(bindable(transport))
      for (let number = 0; number < 3; number++) await pub.send('too early')

      expect(await findingsAt(endpoint)).toMatchObject([{ cause: 'late-joiner', count: 3, socket: { type: 'PUB' } }])

      await using sub = await openSocket('SUB')
      await sub.subscribe('')
      await sub.connect(endpoint)
      while (!sub.isReady) await pub.send('who is there?')
      const [before] = await findingsAt(endpoint)
      await pub.send('in time')

      expect(await findingsAt(endpoint)).toEqual([before])
    },
  )

  test('counts the calls out of turn of REQ and REP', async () => {
    await using pair = await plugged('REP', 'REQ', { transport: 'inproc' })
    await pair.right.send('Hello')

    await expect(pair.right.send('Hello again')).rejects.toBeInstanceOf(SocketStateError)
    await expect(pair.right.send('Hello again')).rejects.toBeInstanceOf(SocketStateError)
    await expect(pair.left.send('World')).rejects.toBeInstanceOf(SocketStateError)

    expect(await findingsAt(pair.endpoint)).toMatchObject([
      { cause: 'out-of-turn', count: 1, socket: { type: 'REP' } },
      { cause: 'out-of-turn', count: 2, socket: { type: 'REQ' } },
    ])
  })

  test.each(['inproc', 'tcp'] as const)(
    'counts what the first PULL got over %s before others came',
    async transport => {
      await using pair = await plugged('PUSH', 'PULL', { transport })
      await pair.left.send('1')
      await pair.left.send('2')
      const alone = await findingsAt(pair.endpoint)

      await using second = await openSocket('PULL')
      await second.connect(pair.endpoint)
      await pair.left.send('3')

      expect(alone).toEqual([])
      expect(await findingsAt(pair.endpoint)).toMatchObject([
        { cause: 'first-puller', count: 2, socket: { type: 'PUSH' } },
      ])
    },
  )

  test.each([true, false])(
    'counts messages of a ROUTER to unknown identities, when mandatory is %s',
    async mandatory => {
      await using router = await openSocket('ROUTER', { mandatory })
      const endpoint = await router.bind(bindable('inproc'))

      const sends = [router.send(['nobody', 'x']), router.send(['no one', 'x'])]
      const outcomes = await Promise.allSettled(sends)

      expect(
        outcomes.map(outcome => outcome.status === 'rejected' && outcome.reason instanceof HostUnreachableError),
      ).toEqual([mandatory, mandatory])
      expect(router.statistics).toMatchObject(
        mandatory ? { sent: 0, refused: 2, dropped: 0 } : { sent: 2, refused: 0, dropped: 2 },
      )
      expect(await findingsAt(endpoint)).toMatchObject([
        { cause: 'unknown-identity', count: 2, socket: { type: 'ROUTER' } },
      ])
    },
  )

  test('counts what ZeroMQ refuses at the high-water mark', async () => {
    await using push = await openSocket('PUSH', { sendTimeout: 0, sendHighWaterMark: 5, linger: 0 })
    const endpoint = bindable('inproc')
    await push.connect(endpoint)

    await Promise.allSettled(Array.from({ length: 8 }, () => push.send('x')))

    expect(await findingsAt(endpoint)).toMatchObject([{ cause: 'high-water', count: 3, socket: { type: 'PUSH' } }])
  })

  test('counts what is refused before it gets to ZeroMQ', async () => {
    const push = await openSocket('PUSH', { linger: 0 })
    const endpoint = bindable('inproc')
    await push.connect(endpoint)
    const room = 1000 + SOCKET_LIMITS.underWayMessages + SOCKET_LIMITS.waitingMessages

    const sends = Promise.allSettled(Array.from({ length: room + 1 }, () => push.send('x')))
    const findings = await findingsAt(endpoint)
    const { refused } = push.statistics
    await push.close()

    expect(refused).toBeGreaterThan(0)
    expect(findings).toMatchObject([{ cause: 'high-water', count: refused }])
    // Those that the close gave up are no high-water drops.
    expect(await findingsAt(endpoint)).toMatchObject([{ cause: 'high-water', count: refused }])
    const outcomes = await sends
    expect(
      outcomes.filter(outcome => outcome.status === 'rejected' && outcome.reason instanceof WouldBlockError),
    ).toHaveLength(refused)
  })

  test('counts the times that a publisher finds a subscriber full', async () => {
    await using pub = await openSocket('XPUB', { sendHighWaterMark: 1, linger: 0 })
    await using sub = await openSocket('SUB', { receiveHighWaterMark: 1 })
    await sub.subscribe('')
    const endpoint = bindable('inproc')
    await pub.bind(endpoint)
    await sub.connect(endpoint)
    await pub.receive()

    while (pub.statistics.dropped === 0) await pub.send('x')

    expect(await findingsAt(endpoint)).toMatchObject([{ cause: 'high-water', count: 1, socket: { type: 'XPUB' } }])
  })

  test('still tells of sockets that are closed', async () => {
    const endpoint = bindable('inproc')
    const sub = await openSocket('SUB')
    await sub.connect(endpoint)
    await sub.close()

    expect(await findingsAt(endpoint)).toMatchObject([{ cause: 'no-subscription', socket: { isClosed: true } }])
  })

  test('sees the sockets of all threads, and those of threads that have ended', async () => {
    const endpoint = bindable('inproc')
    await using thread = await startThread(new URL('../fixtures/threads/ignores-result.js', import.meta.url), {
      name: 'deaf',
      data: endpoint,
    })
    const running = await findingsAt(endpoint)
    thread.signals.send('go')

    const down = await thread.down

    expect(running).toMatchObject([
      { cause: 'no-subscription', socket: { type: 'SUB', thread: 'thread deaf', isClosed: false } },
    ])
    expect(await findingsAt(endpoint)).toMatchObject([
      { cause: 'no-subscription', socket: { thread: 'thread deaf', isClosed: true } },
    ])
    // A failed send whose promise no code looks at is no secret: its thread ends with it.
    expect(down).toMatchObject({ reason: 'threw', error: { code: 'ZERA_ZMQ_EFSM' } })
  })
})

describe('renderDiagnosis()', () => {
  test('writes a line for each finding, with its remedy', () => {
    const socket = {
      name: 'SUB 3',
      type: 'SUB',
      thread: 'thread a',
      endpoints: ['tcp://127.0.0.1:1'],
      isClosed: true,
    } as const

    const text = renderDiagnosis({
      findings: [{ cause: 'no-subscription', count: 1, socket, remedy: 'Subscribe' }],
    })

    expect(text).toBe('no-subscription (1): SUB 3 of thread a at tcp://127.0.0.1:1, closed\n  Subscribe')
  })
})
