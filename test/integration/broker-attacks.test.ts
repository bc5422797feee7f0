import {
  createKeys,
  curveClient,
  openSocket,
  type CurveClient,
  type Frame,
  type Service,
  type Sockets,
} from '@zera/core'
import {
  BrokerReplyError,
  BrokerTimeoutError,
  startBrokerClient,
  startBrokerWorker,
  type BrokerOptions,
  type WorkerHandler,
} from '@zera/devices'
import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../crash/until.js'
import { BrokerChild, type BrokerChildReport } from '../fuzz/brokers/broker-child.js'

const ANY = 'tcp://127.0.0.1:*'
const MIB = 2 ** 20
const [SERVER, CLIENT, OTHER, WORKER] = [createKeys(), createKeys(), createKeys(), createKeys()]
const CURVE = { keys: SERVER, clients: [CLIENT.publicKey, OTHER.publicKey], workers: [WORKER.publicKey] }

/** What a broker may hold in these tests: of requests, and of replies with an eighth more. */
const HELD_MIB = 32
/**
 * With what waits at its endpoints, and what else a process of Node may take: garbage that is not collected yet, and
 * memory that malloc keeps.
 */
const MOST_MIB = 2.125 * HELD_MIB + 128 + 96

const open: { close(): Promise<void> }[] = []
const services: Service[] = []

afterEach(async () => {
  for (const socket of open.splice(0)) await socket.close()
  for (const service of services.splice(0)) await service.stop({ timeoutMs: 0 })
})

function as(keys: typeof CLIENT): CurveClient {
  return { keys, serverKey: SERVER.publicKey }
}

function started(options: Partial<BrokerOptions> = {}): Promise<BrokerChild> {
  return BrokerChild.start({ bind: ANY, bindWorkers: ANY, curve: CURVE, liveness: 1000, ...options })
}

/** Starts the honest worker, and waits until the broker knows it. */
async function addWorker(
  child: BrokerChild,
  service: string,
  handle: WorkerHandler,
  maxMessageBytes = MIB,
): Promise<void> {
  const before = (await child.report()).statistics.workersRegistered
  services.push(
    await startBrokerWorker({
      broker: child.workerEndpoint,
      service,
      handle,
      liveness: 1000,
      maxMessageBytes,
      curve: as(WORKER),
    }),
  )
  await until('it has registered', async () => (await child.report()).statistics.workersRegistered > before)
}

async function dealer(
  endpoint: string,
  keys: typeof CLIENT | undefined,
  routingId?: string,
): Promise<Sockets['DEALER']> {
  const socket = await openSocket('DEALER', {
    ...curveClient(keys && as(keys)),
    linger: 0,
    receiveHighWaterMark: 1,
    ...(routingId !== undefined && { routingId }),
  })
  open.push(socket)
  await socket.connect(endpoint)
  return socket
}

describe('the roles of a broker', () => {
  test('a listed client is refused where workers come in, and a worker where clients do', async () => {
    await using child = await started()
    await addWorker(child, 'echo', body => body)
    const rogue = await dealer(child.workerEndpoint, CLIENT)
    await using wrong = await startBrokerClient({ broker: child.endpoint, curve: as(WORKER), timeoutMs: 300 })

    await rogue.send(['MDPW02', '\u0001', 'echo'])
    await expect(wrong.request('echo', ['x'])).rejects.toBeInstanceOf(BrokerTimeoutError)

    await until('both are refused', async () => (await child.report()).statistics.denied >= 2)
    expect((await child.report()).statistics).toMatchObject({ workersRegistered: 1, requests: 0 })
    expect(await child.stop()).toBe('0')
  })

  test('a listed client that registers as a worker where clients come in gets no request, and answers none', async () => {
    await using child = await started({ requestTimeoutMs: 500 })
    const rogue = await dealer(child.endpoint, CLIENT)
    const got: string[][] = []
    void (async () => {
      for await (const frames of rogue) got.push(frames.map(String))
    })()
    await using honest = await startBrokerClient({ broker: child.endpoint, curve: as(OTHER), timeoutMs: 20_000 })

    for (const frames of [
      ['', 'MDPW01', '\u0001', 'echo'],
      ['MDPW02', '\u0001', 'echo'],
    ])
      await rogue.send(frames)
    const asked = honest.request('echo', ['secret']).catch((error: unknown) => error)
    for (let ticket = 1; ticket < 50; ticket++) await rogue.send(['MDPW02', '\u0004', String(ticket), '', 'forged'])

    expect(await asked).toMatchObject({ fault: 'no-worker' })
    expect(await asked).toBeInstanceOf(BrokerReplyError)
    expect(got).toEqual([])
    expect((await child.report()).statistics).toMatchObject({ misplaced: 51, workersRegistered: 0 })
  })

  test('a second connection with the routing id of another gets what is its own, and nothing of what is for that, without keys', async () => {
    await using child = await BrokerChild.start({ bind: ANY, liveness: 1000 })
    let release = (): void => undefined
    const held = new Promise<void>(resolve => (release = resolve))
    services.push(
      await startBrokerWorker({
        broker: child.endpoint,
        service: 'slow',
        handle: async body => (await held, body),
        liveness: 1000,
      }),
    )
    await until('it has registered', async () => (await child.report()).statistics.workers === 1)
    const first = await dealer(child.endpoint, undefined, 'alice')
    await first.send(['MDPC02', '\u0001', 'slow', 'secret'])
    await until('it is asked', async () => (await child.report()).statistics.inFlight === 1)

    const twin = await dealer(child.endpoint, undefined, 'alice')
    const askTwin = async (): Promise<string[]> => {
      await twin.send(['MDPC02', '\u0001', 'mmi.service', 'slow'])
      return (await twin.receive()).map(String)
    }
    const before = await askTwin()
    release()

    expect((await first.receive()).map(String)).toEqual(['MDPC02', '\u0003', 'slow', 'secret'])
    // Its second answer is the next that it gets.
    expect([before, await askTwin()]).toEqual([1, 2].map(() => ['MDPC02', '\u0003', 'mmi.service', '200']))
  })

  test('a peer that is taken off a list gets in no more', async () => {
    await using child = await started()
    await addWorker(child, 'echo', body => body)
    const reaches = async (keys: typeof CLIENT, timeoutMs: number): Promise<boolean> => {
      await using client = await startBrokerClient({ broker: child.endpoint, curve: as(keys), timeoutMs })
      return await client.request('echo', ['x']).then(
        () => true,
        () => false,
      )
    }
    expect(await reaches(CLIENT, 20_000)).toBe(true)

    await child.setClients([OTHER.publicKey])
    await child.setWorkers([])

    expect([await reaches(OTHER, 20_000), await reaches(CLIENT, 500)]).toEqual([expect.any(Boolean), false])
    const worker = await dealer(child.workerEndpoint, WORKER)
    await worker.send(['MDPW02', '\u0001', 'echo'])
    await until('it is refused', async () => (await child.report()).statistics.denied >= 2)
  })
})

describe('a listed client that is greedy', () => {
  const CONNECTIONS = 20

  /**
   * Sends from many connections what it never reads the answers to, and sees what the broker takes, while another
   * client is served.
   */
  async function attack(
    frames: (message: number, connection: number) => readonly Frame[],
    messages: number,
    isDone: (statistics: BrokerChildReport['statistics']) => boolean = () => true,
  ): Promise<{ readonly mostMiB: number; readonly last: BrokerChildReport }> {
    await using child = await started({ maxHeldBytes: HELD_MIB * MIB, requestTimeoutMs: 20_000 })
    await addWorker(child, 'echo', body => body)
    await addWorker(child, 'blow', () => Buffer.alloc(MIB - 1024))
    await using honest = await startBrokerClient({ broker: child.endpoint, curve: as(OTHER), timeoutMs: 20_000 })
    await honest.request('echo', ['warm'])
    const before = (await child.report()).rssBytes
    const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => dealer(child.endpoint, CLIENT)))
    let mostBytes = 0

    for (let message = 0; message < messages; message++) {
      await Promise.all(sockets.map((socket, connection) => socket.send(frames(message, connection))))
      if (message % 5 !== 0) continue
      expect((await honest.request('echo', [`${message}`])).map(String)).toEqual([`${message}`])
      mostBytes = Math.max(mostBytes, (await child.report()).rssBytes)
    }
    await until('all has arrived', async () => {
      const { rssBytes, statistics } = await child.report()
      mostBytes = Math.max(mostBytes, rssBytes)
      return statistics.requests >= messages * CONNECTIONS && isDone(statistics)
    })
    // Another one still gets what it asks for, also under a name that is new.
    await addWorker(child, 'new', body => body)
    for (const service of ['echo', 'new'])
      expect((await honest.request(service, ['x'.repeat(1000)])).map(String)).toEqual(['x'.repeat(1000)])
    const last = await child.report()
    expect(await child.stop()).toBe('0')
    return { mostMiB: Math.round((mostBytes - before) / MIB), last }
  }

  test('with large requests that no worker answers takes no more memory than is documented', async () => {
    const large = Buffer.alloc(MIB - 1024)

    const { mostMiB, last } = await attack(
      (_message, connection) => ['MDPC02', '\u0001', `nobody ${connection % 3}`, large],
      50,
    )

    expect(mostMiB).toBeLessThan(MOST_MIB)
    expect(last.statistics.errorsByFault['queue-full']).toBeGreaterThan(900)
  })

  test('with requests of many small frames, or long envelopes, takes no more memory than is documented', async () => {
    const many = Array.from({ length: 900 }, () => '')
    const far = Array.from({ length: 15 }, () => 'y'.repeat(255))

    const { mostMiB, last } = await attack(
      message => (message % 2 === 0 ? ['MDPC02', '\u0001', 'nobody', ...many] : [...far, '', 'MDPC01', 'nobody', 'x']),
      50,
    )

    expect(mostMiB).toBeLessThan(MOST_MIB)
    expect(last.statistics.errorsByFault['queue-full']).toBeGreaterThan(200)
  })

  test('with replies that it does not read takes no more memory than is documented', async () => {
    const { mostMiB, last } = await attack(
      () => ['MDPC02', '\u0001', 'blow', 'x'],
      50,
      ({ undeliverable }) => undeliverable >= 100,
    )

    expect(mostMiB).toBeLessThan(MOST_MIB)
    expect(last.statistics.workersLost.unreachable).toBe(0)
  })

  test('with names without workers leaves names to others', async () => {
    const { last } = await attack(
      (message, connection) => ['MDPC02', '\u0001', `name ${message} ${connection}`, 'x'],
      100,
    )

    expect(last.statistics.services.length).toBeLessThan(1010)
  })
})
