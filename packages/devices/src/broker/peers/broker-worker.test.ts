import { openSocket, type Service, type Sockets } from '@zera/core'
import { ManualClock } from '@zera/core/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Deferred } from '../../fixtures/deferred.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { until } from '../../fixtures/until.js'
import { startBrokerWorker } from './broker-worker.js'
import type { BrokerWorkerOptions } from './worker-options.js'

expectNoLeaksAfterEach()

const HEARTBEAT_MS = 100
const READY = ['MDPW02', '\u0001', 'echo']
const HEARTBEAT = ['MDPW02', '\u0005']
const DISCONNECT = ['MDPW02', '\u0006']

describe('startBrokerWorker()', () => {
  /** What a broker would have. */
  let router: Sockets['ROUTER']
  let clock: ManualClock
  let endpoint: string
  let worker: Service | undefined

  beforeEach(async () => {
    clock = new ManualClock()
    router = await openSocket('ROUTER')
    endpoint = await router.bind('tcp://127.0.0.1:*')
  })

  afterEach(async () => {
    await worker?.stop({ timeoutMs: 0 })
    await router.close()
  })

  async function start(options: Partial<BrokerWorkerOptions> = {}): Promise<void> {
    worker = await startBrokerWorker({
      broker: endpoint,
      service: 'echo',
      handle: body => body,
      heartbeatMs: HEARTBEAT_MS,
      reconnectMs: 10,
      clock,
      ...options,
    })
  }

  /** The next thing that a worker says, and who it is. */
  async function said(): Promise<{ readonly address: Buffer; readonly frames: string[] }> {
    const [address, ...frames] = await router.receive()
    return { address: address as Buffer, frames: frames.map(String) }
  }

  /** The same, but for heartbeats, while time passes. */
  async function saidInTime(): ReturnType<typeof said> {
    const heard: Awaited<ReturnType<typeof said>>[] = []
    const hearing = (async () => {
      while (heard.length === 0) {
        const next = await said()
        if (next.frames.length > HEARTBEAT.length) heard.push(next)
      }
    })()
    await until('it has said something', () => {
      clock.advance(1)
      return heard.length > 0
    })
    await hearing
    return heard[0] as (typeof heard)[number]
  }

  test('registers, and sends a heartbeat whenever it has said nothing for so long, also while it works', async () => {
    const release = new Deferred()
    await start({ handle: async body => (await release.promise, body) })
    const { address, frames } = await said()
    await router.send([address, 'MDPW02', '\u0002', 'client', '', 'hello'])

    expect(frames).toEqual(READY)
    clock.advance(HEARTBEAT_MS)
    expect((await said()).frames).toEqual(HEARTBEAT)
    release.resolve()
    expect((await said()).frames).toEqual(['MDPW02', '\u0004', 'client', '', 'hello'])
    clock.advance(HEARTBEAT_MS)
    expect((await said()).frames).toEqual(HEARTBEAT)
  })

  test('connects anew, as another, when the broker is silent, and gives up what it works on', async () => {
    const signals: AbortSignal[] = []
    await start({ handle: (_body, { signal }) => new Promise(() => signals.push(signal)) })
    const first = await said()
    await router.send([first.address, 'MDPW02', '\u0002', 'client', '', 'hello'])
    await until('it works', () => signals.length === 1)

    clock.advance(3 * HEARTBEAT_MS + HEARTBEAT_MS / 4)
    expect(signals[0]?.aborted).toBe(true)

    const next = await saidInTime()
    expect(next.frames).toEqual(READY)
    expect(next.address.equals(first.address)).toBe(false)
  })

  test('connects anew when the broker sends it away', async () => {
    await start()
    const { address } = await said()

    await router.send([address, ...DISCONNECT])

    expect((await saidInTime()).frames).toEqual(READY)
  })

  test.each<[string, string[]]>([
    ['what is none of the protocol', ['nonsense']],
    ['nothing', ['']],
    ['a request of another version', ['', 'MDPW01', '\u0002', 'client', '', 'of another version']],
    ['a request without a client', ['MDPW02', '\u0002', 'no client']],
    ['a command that there is not', ['MDPW02', '\u0007']],
  ])('says so and connects anew when it receives %s', async (_name, frames) => {
    const lines: string[] = []
    await start({ log: line => lines.push(line) })
    const { address } = await said()

    await router.send([address, ...frames])

    const next = await saidInTime()
    expect(next.frames).toEqual(READY)
    expect(lines).toEqual([expect.stringMatching(/^worker of echo: .* not of the protocol/)])
    await router.send([next.address, 'MDPW02', '\u0002', 'client', '', 'hello'])
    expect((await said()).frames).toEqual(['MDPW02', '\u0004', 'client', '', 'hello'])
  })

  test('keeps no endless row of requests', async () => {
    const lines: string[] = []
    await start({ handle: () => new Promise<never>(() => undefined), log: line => lines.push(line) })
    const { address } = await said()

    for (let request = 0; request < 30; request++)
      void router.send([address, 'MDPW02', '\u0002', 'client', '', 'hello']).catch(() => undefined)

    expect((await saidInTime()).frames).toEqual(READY)
    expect(lines).toEqual([expect.stringContaining('requests at a time')])
  })

  test('takes its leave when it is stopped, after the request that it has', async () => {
    const release = new Deferred()
    let calls = 0
    await start({ handle: async body => ((calls += 1), await release.promise, body) })
    const { address } = await said()
    await router.send([address, 'MDPW02', '\u0002', 'client', '', 'hello'])
    await until('it works', () => calls === 1)

    const stopped = worker?.stop()
    release.resolve()

    expect((await said()).frames).toEqual(['MDPW02', '\u0004', 'client', '', 'hello'])
    expect((await said()).frames).toEqual(DISCONNECT)
    await stopped
    expect(await worker?.ended).toBe(undefined)
  })

  test('is not started when its signal has aborted', async () => {
    const reason = new Error('not wanted')

    await expect(start({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    worker = undefined
  })

  test('does not register when its signal aborts while it connects, and leaves nothing open', async () => {
    const reason = new Error('not wanted any more')
    const given = new AbortController()
    const starting = start({ signal: given.signal })
    worker = undefined

    given.abort(reason)

    await expect(starting).rejects.toBe(reason)
    await start({ service: 'next' })
    expect((await said()).frames).toEqual(['MDPW02', '\u0001', 'next'])
  })

  test('goes on when the signal of its start aborts later', async () => {
    const given = new AbortController()
    await start({ signal: given.signal })
    const { address } = await said()

    given.abort(new Error('too late'))
    await router.send([address, 'MDPW02', '\u0002', 'client', '', 'hello'])

    expect((await said()).frames).toEqual(['MDPW02', '\u0004', 'client', '', 'hello'])
  })

  test.each<Partial<BrokerWorkerOptions>>([
    { broker: 'nonsense' },
    { service: '' },
    { service: 'line\nbreak' },
    { heartbeatMs: 0 },
    { liveness: -1 },
  ])('refuses %j', async options => {
    await expect(start(options)).rejects.toThrow(/^Cannot/)
    worker = undefined
  })
})
