import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expectNoLeaks, type Service } from '@zera/core'
import {
  startBroker,
  startBrokerClient,
  startBrokerWorker,
  type Broker,
  type BrokerOptions,
  type BrokerWorkerOptions,
} from '@zera/devices'
import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../crash/until.js'
import { hasPythonZmq, PYTHON, suiteName } from './python-peer.js'

const PROGRAM = fileURLToPath(new URL('../../interop/majordomo.py', import.meta.url))
const HEARTBEAT_MS = 50
/** Heartbeats that may be missing: so many that a busy machine is no reason to give a peer up. */
const LIVENESS = 400

type MdpVersion = NonNullable<BrokerWorkerOptions['version']>

const processes: ChildProcess[] = []
const services: Service[] = []

afterEach(async () => {
  for (const child of processes.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  for (const service of services.splice(0).toReversed()) await service.stop()
  expectNoLeaks()
})

async function started(options: Partial<BrokerOptions> = {}): Promise<Broker> {
  const broker = await startBroker({
    bind: 'tcp://127.0.0.1:*',
    heartbeatMs: HEARTBEAT_MS,
    liveness: LIVENESS,
    ...options,
  })
  services.push(broker)
  return broker
}

/** Starts a worker in Python, and waits until the broker knows it. */
async function pythonWorker(broker: Broker, version: MdpVersion): Promise<ChildProcess> {
  const before = (await broker.statistics()).workersRegistered
  const child = spawn(
    PYTHON,
    [PROGRAM, 'worker', version, broker.endpoints[0], 'reverse', `${HEARTBEAT_MS}`, `${LIVENESS}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  processes.push(child)
  await until('the worker has registered', async () => (await broker.statistics()).workersRegistered > before)
  return child
}

/** Asks with a client in Python, and gives the frames of each reply. */
async function pythonAsks(
  broker: Broker,
  version: MdpVersion,
  service: string,
  ...body: string[]
): Promise<string[][]> {
  return pythonPrints(broker, 'client', version, service, ...body)
}

async function pythonPrints(
  broker: Broker,
  role: 'client' | 'ahead',
  version: MdpVersion,
  service: string,
  ...body: string[]
): Promise<string[][]> {
  const child = spawn(PYTHON, [PROGRAM, role, version, broker.endpoints[0], service, ...body], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  processes.push(child)
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  expect(code).toBe(0)
  return text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as string[])
}

describe.skipIf(!hasPythonZmq)(suiteName('startBroker() and Majordomo in Python'), () => {
  test.each<[MdpVersion, MdpVersion, string[][]]>([
    ['0.1', '0.1', [['olleh', 'dlrow']]],
    ['0.2', '0.2', [['olleh'], ['dlrow'], ['2']]],
    ['0.1', '0.2', [['olleh', 'dlrow', '2']]],
    ['0.2', '0.1', [['olleh', 'dlrow']]],
  ])('a client of version %s is served by a worker of version %s', async (version, workerVersion, replies) => {
    const broker = await started()
    await pythonWorker(broker, workerVersion)

    expect(await pythonAsks(broker, version, 'reverse', 'hello', 'world')).toEqual(replies)
    expect((await broker.statistics()).malformed).toEqual({
      'frame-count': 0,
      header: 0,
      command: 0,
      'service-name': 0,
      'client-address': 0,
    })
  })

  test.each<MdpVersion>(['0.1', '0.2'])(
    'a client in Python of version %s is served by a worker here, and the other way round',
    async version => {
      const broker = await started()
      services.push(
        await startBrokerWorker({
          broker: broker.endpoints[0],
          service: 'shout',
          handle: body => body.map(frame => String(frame).toUpperCase()),
          version,
        }),
      )
      await pythonWorker(broker, version)
      await using client = await startBrokerClient({ broker: broker.endpoints[0], version })

      expect(await pythonAsks(broker, version, 'shout', 'hello')).toEqual([['HELLO']])
      expect(String((await client.request('reverse', ['hello']))[0])).toBe('olleh')
      expect(await pythonAsks(broker, version, 'mmi.service', 'reverse')).toEqual([['200']])
    },
  )

  test('the asynchronous client of the guide gets an answer to each of 2,000 requests that it sends at once', async () => {
    const broker = await started()
    await pythonWorker(broker, '0.1')

    expect(await pythonPrints(broker, 'ahead', '0.1', 'reverse', '2000')).toEqual([['2000']])
  })

  test.each<MdpVersion>(['0.1', '0.2'])(
    'a request whose worker of version %s dies goes to the next, and back with an error when that dies, too',
    async version => {
      const broker = await started({ maxAttempts: 2 })
      const workers = [await pythonWorker(broker, version), await pythonWorker(broker, version)]
      const deaths = workers.map(worker => once(worker, 'close'))

      const [reply] = await pythonAsks(broker, '0.1', 'reverse', 'die')

      await Promise.all(deaths)
      expect(reply).toEqual(['ZERA-ERROR', 'worker-lost', expect.any(String)])
      expect(await broker.statistics()).toMatchObject({
        retries: 1,
        errors: 1,
        workersLost: { unreachable: 2 },
        workers: 0,
      })
    },
  )

  test('a worker that is silent is given up, and registers anew when it goes on', async () => {
    const broker = await started({ liveness: 4 })
    const worker = await pythonWorker(broker, '0.1')
    worker.kill('SIGSTOP')

    await until('the worker is given up', async () => (await broker.statistics()).workersLost.silent === 1)
    worker.kill('SIGCONT')

    await until('the worker is back', async () => (await broker.statistics()).workers === 1)
    expect(await pythonAsks(broker, '0.1', 'reverse', 'hello')).toEqual([['olleh']])
  })

  test('a worker registers by itself with the broker that follows at the same endpoint', async () => {
    const first = await started()
    await pythonWorker(first, '0.2')
    await first.stop()

    const second = await started({ bind: first.endpoints })

    expect(await pythonAsks(second, '0.1', 'reverse', 'hello')).toEqual([['olleh', '1']])
  })
})
