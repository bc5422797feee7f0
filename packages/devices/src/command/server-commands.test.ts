import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  createKeys,
  curveClient,
  type CurveClient,
  openSocket,
  type Sockets,
  readKeys,
  readPublicKey,
  writeKeys,
} from '@zera/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BrokerTimeoutError } from '../base/errors.js'
import { startBrokerClient } from '../broker/peers/broker-client.js'
import { startBrokerWorker } from '../broker/peers/broker-worker.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { runCommand } from '../fixtures/run-command.js'
import { untilAsync } from '../fixtures/until.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'
const TARGETS = fileURLToPath(new URL('../fixtures/targets.js', import.meta.url))

let directory: string
let serverKey: string
let friendKey: string
let workerKey: string

/** How the friend reaches the server. */
async function friend(): Promise<CurveClient> {
  return { keys: await readKeys(`${friendKey}_secret`), serverKey: await readPublicKey(serverKey) }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zera-device-'))
  ;[serverKey, friendKey, workerKey] = [
    join(directory, 'server.key'),
    join(directory, 'friend.key'),
    join(directory, 'worker.key'),
  ]
  for (const path of [serverKey, friendKey, workerKey]) await writeKeys(path)
})

afterAll(() => rm(directory, { recursive: true }))

describe('zera device broker', () => {
  test('brings clients and workers together at each of its endpoints, until Ctrl-C', async () => {
    await using run = runCommand(
      'broker',
      '--frontend',
      ANY,
      '--backend',
      ANY,
      '--heartbeat-ms',
      '100',
      '--liveness',
      '200',
      '--request-timeout-ms',
      '20000',
    )
    const [frontend, backend] = (await run.line()).match(/tcp:\/\/127\.0\.0\.1:\d+/g) as [string, string]
    const worker = await startBrokerWorker({
      broker: backend,
      service: 'echo',
      handle: body => body,
      heartbeatMs: 100,
      liveness: 200,
    })
    await using client = await startBrokerClient({ broker: frontend, timeoutMs: 20_000 })

    expect(String((await client.request('echo', ['hello']))[0])).toBe('hello')

    await worker.stop()
    run.kill('SIGINT')
    const { exitCode, stdout, stderr } = await run.ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout.endsWith('stopped\n')).toBe(true)
  })

  test('encrypts, and lets each peer in as what it was listed, and as nothing else', async () => {
    await using run = runCommand(
      'broker',
      '--frontend',
      'tcp://0.0.0.0:*',
      '--workers',
      'tcp://0.0.0.0:*',
      '--curve-server-key',
      `${serverKey}_secret`,
      '--curve-client-key',
      friendKey,
      '--curve-worker-key',
      workerKey,
    )
    const [frontend, workers] = Array.from(
      (await run.line()).matchAll(/:(\d+)\b/g),
      ([, port]) => `tcp://127.0.0.1:${port}`,
    ) as [string, string]
    const asWorker = { keys: await readKeys(`${workerKey}_secret`), serverKey: await readPublicKey(serverKey) }
    await using worker = await startBrokerWorker({
      broker: workers,
      service: 'echo',
      handle: body => body,
      curve: asWorker,
    })
    await using client = await startBrokerClient({ broker: frontend, curve: await friend(), timeoutMs: 20_000 })
    await using stranger = await startBrokerClient({ broker: frontend, curve: asWorker, timeoutMs: 300 })

    expect(String((await client.request('echo', ['hello']))[0])).toBe('hello')
    await expect(stranger.request('echo', ['hello'])).rejects.toBeInstanceOf(BrokerTimeoutError)
    await worker.stop()
  })

  test('reads both lists again at SIGHUP, or keeps both', async () => {
    const [clients, workers] = [join(directory, 'clients.key'), join(directory, 'workers.key')]
    await copyFile(friendKey, clients)
    await copyFile(workerKey, workers)
    await using run = runCommand(
      'broker',
      '--frontend',
      ANY,
      '--workers',
      ANY,
      '--curve-server-key',
      `${serverKey}_secret`,
      '--curve-client-key',
      clients,
      '--curve-worker-key',
      workers,
    )
    const [frontend] = /tcp:\/\/127\.0\.0\.1:\d+/.exec(await run.line()) as unknown as [string]
    const reaches = async (curve: CurveClient, timeoutMs: number): Promise<boolean> => {
      await using client = await startBrokerClient({ broker: frontend, curve, timeoutMs })
      return await client.request('mmi.service', ['echo']).then(
        () => true,
        () => false,
      )
    }
    const known = await friend()
    const other = { keys: createKeys(), serverKey: known.serverKey }
    expect(await reaches(known, 20_000)).toBe(true)

    await writeFile(clients, `public-key = "${other.keys.publicKey}"`)
    await writeFile(workers, 'no key')
    run.kill('SIGHUP')
    await untilAsync('it says that a file is bad', async () => run.stderr.includes('all is as it was'))
    expect(await reaches(known, 20_000)).toBe(true)

    await copyFile(workerKey, workers)
    run.kill('SIGHUP')
    expect(await run.line()).toBe(`read ${clients}, ${workers}: 1 clients and 1 workers may come in, and no others`)
    expect([await reaches(other, 20_000), await reaches(known, 500)]).toEqual([true, false])
  })
})

describe('zera device gateway', () => {
  test('calls what a module lists, pauses and resumes, and stops what the module started', async () => {
    await using run = runCommand(
      'gateway',
      '--frontend',
      'tcp://0.0.0.0:*',
      '--targets',
      TARGETS,
      '--curve-server-key',
      `${serverKey}_secret`,
      '--curve-client-key',
      friendKey,
    )
    const port = /:(\d+) /.exec(await run.line())?.[1]
    await using client = await openSocket('REQ', curveClient(await friend()))
    await client.connect(`tcp://127.0.0.1:${port}`)

    await client.send('{"actor":"echo","method":"echo","args":["hello"]}')
    expect(String((await client.receive())[0])).toBe('{"id":null,"value":"hello"}')
    for (const word of ['paused', 'resumed']) {
      run.kill('SIGUSR2')
      expect(await run.line()).toBe(word)
    }
    run.kill('SIGTERM')

    const { exitCode, stdout, stderr } = await run.ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout.endsWith('the targets have stopped\nstopped\n')).toBe(true)
  })
})

describe('zera device gateway at SIGHUP', () => {
  test('reads its client keys again, and keeps its list when one of them is bad', async () => {
    const list = join(directory, 'list.key')
    await copyFile(friendKey, list)
    await using run = runCommand(
      'gateway',
      '--frontend',
      ANY,
      '--targets',
      TARGETS,
      '--curve-server-key',
      `${serverKey}_secret`,
      '--curve-client-key',
      list,
    )
    const endpoint = /tcp:\S+/.exec(await run.line())?.[0] as string
    const reaches = async (security: CurveClient, ms: number): Promise<boolean> => {
      await using client = await openSocket('DEALER', { ...curveClient(security), linger: 0 })
      await client.connect(endpoint)
      return await isAnswered(client, ms)
    }
    const known = await friend()
    const other = { keys: createKeys(), serverKey: known.serverKey }
    await using held = await openSocket('DEALER', { ...curveClient(known), linger: 0 })
    await held.connect(endpoint)
    expect(await isAnswered(held, 20_000)).toBe(true)

    await writeFile(list, 'no key')
    run.kill('SIGHUP')
    await untilAsync('it says that the file is bad', async () => run.stderr.includes('all is as it was'))
    expect(await reaches(known, 20_000)).toBe(true)

    await writeFile(list, `public-key = "${other.keys.publicKey}"`)
    run.kill('SIGHUP')
    expect(await run.line()).toBe(`read ${list}: 1 client may come in, and no other`)

    expect([await reaches(other, 20_000), await reaches(known, 500), await isAnswered(held, 500)]).toEqual([
      true,
      false,
      false,
    ])
  })
})

async function isAnswered(client: Sockets['DEALER'], ms: number): Promise<boolean> {
  client.send(['', '{"actor":"echo","method":"echo"}']).catch(() => undefined)
  return client.receive({ signal: AbortSignal.timeout(ms) }).then(
    () => true,
    () => false,
  )
}

describe('zera device', () => {
  test.each<[string[], string]>([
    [['broker'], '--frontend is missing'],
    [['broker', '--frontend', '@tcp://127.0.0.1:5555'], '--frontend cannot be connected to @tcp://127.0.0.1:5555'],
    [['broker', '--frontend', ANY, '--liveness', '0'], 'liveness must be more than 0, not 0'],
    [['broker', '--frontend', ANY, '--any-client'], '--curve-client-key and --any-client need --curve-server-key'],
    [['broker', '--frontend', ANY, '--curve-server-key', 'KEY'], '--curve-server-key needs either --curve-client-key'],
    [['broker', '--frontend', ANY, '--workers', '@tcp://127.0.0.1:5555'], '--workers cannot be connected to'],
    [['broker', '--frontend', ANY, '--backend', ANY, '--workers', ANY], 'give one of them'],
    [
      ['broker', '--frontend', 'tcp://0.0.0.0:*'],
      'tcp://0.0.0.0:* can be reached from other machines; give --curve-server-key with --curve-client-key',
    ],
    [
      ['broker', '--frontend', ANY, '--workers', 'tcp://0.0.0.0:*'],
      'tcp://0.0.0.0:* can be reached from other machines; give --curve-server-key with --curve-client-key',
    ],
    [['broker', '--frontend', ANY, '--curve-worker-key', 'KEY'], '--curve-worker-key needs --curve-server-key'],
    [['gateway', '--frontend', ANY], '--targets is missing'],
    [['gateway', '--frontend', ANY, '--targets', '/no/such/module.js'], '--targets: Cannot find module'],
    [
      ['gateway', '--frontend', ANY, '--targets', fileURLToPath(new URL('../index.js', import.meta.url))],
      'does not export targets',
    ],
    [
      ['gateway', '--frontend', 'tcp://0.0.0.0:*', '--targets', TARGETS],
      'tcp://0.0.0.0:* can be reached from other machines; give --curve-server-key with --curve-client-key',
    ],
    [
      [
        'gateway',
        '--frontend',
        ANY,
        '--targets',
        TARGETS,
        '--curve-server-key',
        'SECRET',
        '--any-client',
        '--unencrypted',
      ],
      '--unencrypted and --curve-server-key exclude each other',
    ],
  ])('refuses %j with exit code 2', async (args, text) => {
    await using run = runCommand(...args.map(argument => (argument === 'SECRET' ? `${serverKey}_secret` : argument)))

    const { exitCode, stderr } = await run.ended

    expect(exitCode).toBe(2)
    expect(stderr).toContain(text)
    expect(stderr).toMatch(/^zera device: .*; see zera device --help\n$/)
  })

  test('ends with exit code 1 when a key file may be read by others', async () => {
    await using run = runCommand(
      'gateway',
      '--frontend',
      ANY,
      '--targets',
      TARGETS,
      '--curve-server-key',
      '/dev/null',
      '--any-client',
    )

    expect(await run.ended).toMatchObject({ exitCode: 1, stdout: '' })
  })
})
