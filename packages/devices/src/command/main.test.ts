import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeys, curveClient, openSocket, readKeys, writeKeys } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { runCommand } from '../fixtures/run-command.js'
import { SUBCOMMANDS } from './devices/commands.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'
const SOMEWHERE = 'tcp://127.0.0.1:9'
/** Each device, and each of its sides, where other machines reach it. */
const REACHABLE = [
  'queue --frontend tcp://*:* --backend ipc://*',
  'queue --frontend ipc://* --backend tcp://0.0.0.0:*',
  'queue --frontend ipc://* --backend ipc://* --capture tcp://[::]:*',
  'queue --frontend ipc://*,tcp://*:* --backend ipc://*',
  'forwarder --frontend @tcp://127.0.0.1:9 --backend tcp://eth0:*',
  'streamer --frontend tcp://*:* --backend ipc://*',
  'cache --frontend tcp://*:* --backend ipc://*',
  'bridge --pattern tasks --frontend tcp://*:* --backend ipc://*',
  'proxy --frontend-type pull --backend-type push --frontend tcp://*:* --backend ipc://*',
]
type Written = Awaited<ReturnType<typeof writeKeys>>

const SIDES = ['--frontend', ANY, '--backend', ANY]

describe('zera device', () => {
  test('lists every device with --help', async () => {
    await using run = runCommand('--help')

    const { exitCode, stdout, stderr } = await run.ended

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    for (const [name, { summary }] of Object.entries(SUBCOMMANDS))
      expect(stdout).toContain(`  ${name.padEnd(10)} ${summary}\n`)
  })

  test.each(Object.keys(SUBCOMMANDS))('tells the options of %s with --help', async name => {
    await using run = runCommand(name, '--help')

    const { exitCode, stdout } = await run.ended

    expect(exitCode).toBe(0)
    expect(stdout).toContain(`usage: zera device ${name} `)
  })

  test.each([
    [[], 'a device is missing'],
    [['rhubarb'], 'there is no device rhubarb; there are '],
    [['queue'], '--frontend is missing; give it an endpoint, such as --frontend tcp://127.0.0.1:5559'],
    [['queue', '--frontend', ANY], '--backend is missing; '],
    [['queue', '--frontend', 'rhubarb', '--backend', ANY], '--frontend: Cannot use endpoint "rhubarb": '],
    [['queue', ...SIDES, '--route', 'fastest'], '--route may be round-robin, least-busy, not fastest'],
    [['queue', ...SIDES, '--rhubarb'], "Unknown option '--rhubarb'"],
    [['queue', ...SIDES, 'rhubarb'], "Unexpected argument 'rhubarb'"],
    [['queue', ...SIDES, '--stop-ms', '1s'], '--stop-ms must be a whole number, not 1s'],
    [['cache', ...SIDES, '--max-keys', '0'], 'maxKeys must be a whole number from 1 on, not 0'],
    [['bridge', ...SIDES], '--pattern is missing; it may be requests, publications, tasks or pair'],
    ...REACHABLE.map((args): [string[], string] => [
      args.split(' '),
      'can be reached from other machines; give --curve-server-key with --curve-client-key, for each client that may come in, or with --any-client, or give --unencrypted',
    ]),
    [['queue', ...SIDES, '--curve-backend-key', '/no/such/file'], '--curve-backend-key needs --curve-server-key'],
    [['queue', ...SIDES, '--any-client'], '--curve-client-key and --any-client need --curve-server-key'],
    [['queue', ...SIDES, '--curve-server-key', '/no/such/file'], '--curve-server-key needs either --curve-client-key'],
    [['proxy', ...SIDES, '--frontend-type', 'pull'], '--backend-type is missing; '],
    [['proxy', ...SIDES, '--frontend-type', 'pull', '--backend-type', 'sub'], 'nothing can go from PULL to SUB'],
  ])('refuses %j with exit code 2', async (args, text) => {
    await using run = runCommand(...args)

    const { exitCode, stdout, stderr } = await run.ended

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(`zera device: `)
    expect(stderr).toContain(text)
    expect(stderr).toMatch(/; see zera device --help\n$/)
    expect(stderr).not.toContain('    at ')
  })

  test('ends with exit code 1 when an endpoint is taken', async () => {
    await using taken = await openSocket('PULL')
    await using run = runCommand('streamer', '--frontend', await taken.bind(ANY), '--backend', ANY)

    const { exitCode, stderr } = await run.ended

    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^zera device: Cannot bind a PULL socket to tcp:\/\/127\.0\.0\.1:\d+: .*\n$/)
  })

  test('ends with exit code 1 when there is no key file', async () => {
    await using run = runCommand('queue', ...SIDES, '--curve-server-key', '/no/such/file', '--any-client')

    expect(await run.ended).toMatchObject({ exitCode: 1, stdout: '' })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly with exit code 0 at %s', async signal => {
    await using run = runCommand('streamer', ...SIDES)
    await run.line()

    run.kill(signal)

    const { exitCode, stdout, stderr } = await run.ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout.endsWith('stopped\n')).toBe(true)
  })

  test('stops cleanly, and writes nothing else, with messages that no peer takes', async () => {
    await using run = runCommand('streamer', '--frontend', ANY, '--backend', '@tcp://127.0.0.1:9', '--stop-ms', '0')
    const [frontend] = (await run.line()).match(/tcp:\/\/127\.0\.0\.1:\d+/g) as [string]
    await using push = await openSocket('PUSH')
    await push.connect(frontend)
    for (let message = 0; message < 10; message++) await push.send(`${message}`)

    run.kill('SIGINT')

    expect(await run.ended).toMatchObject({ exitCode: 0, signal: null, stderr: '' })
  })

  test('goes on when no process reads what it writes, and stops cleanly', async () => {
    await using run = runCommand('streamer', ...SIDES)
    const [frontend, backend] = (await run.line()).match(/tcp:\/\/127\.0\.0\.1:\d+/g) as [string, string]
    run.turnAway()
    await using push = await openSocket('PUSH')
    await push.connect(frontend)
    await using pull = await openSocket('PULL')
    await pull.connect(backend)
    await push.send('through')
    expect(String(await pull.receive())).toBe('through')
    run.kill('SIGUSR2')

    run.kill('SIGINT')

    expect(await run.ended).toMatchObject({ exitCode: 0, signal: null })
  })

  test('takes several endpoints a side, publishes what is captured, pauses and resumes at SIGUSR2', async () => {
    await using run = runCommand(
      'streamer',
      '--frontend',
      `${ANY},${ANY}`,
      '--frontend',
      ANY,
      '--backend',
      ANY,
      '--capture',
      ANY,
    )
    const endpoints = (await run.line()).match(/tcp:\/\/127\.0\.0\.1:\d+/g) as string[]
    expect(endpoints).toHaveLength(5)
    await using pull = await openSocket('PULL')
    await pull.connect(endpoints[3] as string)
    await using watcher = await openSocket('SUB')
    await watcher.subscribe('')
    await watcher.connect(endpoints[4] as string)

    for (const endpoint of endpoints.slice(0, 3)) {
      await using push = await openSocket('PUSH')
      await push.connect(endpoint)
      await push.send(endpoint)
      expect(String(await pull.receive())).toBe(endpoint)
    }

    run.kill('SIGUSR2')
    expect(await run.line()).toBe('paused')
    await using push = await openSocket('PUSH')
    await push.connect(endpoints[0] as string)
    const captured = watcher.receive()
    await push.send('held')
    run.kill('SIGUSR2')
    expect(await run.line()).toBe('resumed')
    expect(String(await pull.receive())).toBe('held')
    await push.send('captured')
    expect(String(await pull.receive())).toBe('captured')
    expect((await captured).length).toBe(1)
    run.kill('SIGINT')
    expect(await run.ended).toMatchObject({ exitCode: 0, stderr: '' })
  })

  test('connects where an endpoint has @ in front', async () => {
    await using pull = await openSocket('PULL')
    await using run = runCommand('streamer', '--frontend', ANY, '--backend', `@${await pull.bind(ANY)}`)
    const [frontend] = (await run.line()).match(/tcp:\/\/127\.0\.0\.1:\d+/) as unknown as [string]
    await using push = await openSocket('PUSH')
    await push.connect(frontend)

    await push.send('through')

    expect(String(await pull.receive())).toBe('through')
  })

  test.each([
    [['--frontend', ANY, '--backend', 'ipc://*'], 'unencrypted, open to all users of this machine'],
    [
      ['--frontend', 'ipc://*', '--backend', `@${SOMEWHERE}`],
      'unencrypted, open to processes of this user and of root',
    ],
    [
      ['--frontend', '@tcp://192.0.2.1:9', '--backend', 'ipc://*'],
      'unencrypted, open to processes of this user and of root, unencrypted where it connects to other machines',
    ],
    [
      ['--frontend', ANY, '--backend', ANY, '--capture', 'tcp://0.0.0.0:*', '--unencrypted'],
      'unencrypted, open to everybody who can reach it over the network',
    ],
  ])('says in its first line which peers can reach it unencrypted: %j', async (sides, exposure) => {
    await using run = runCommand('streamer', ...sides, '--stop-ms', '0')

    expect(await run.line()).toMatch(new RegExp(`^streamer: .* \\(process \\d+\\), ${exposure}$`))
  })

  test('encrypts what it binds with --curve-server-key, and lets in at each side the peers that are listed there', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'zera-device-'))
    try {
      const [server, sender, receiver] = (await Promise.all(
        ['server', 'sender', 'receiver'].map(name => writeKeys(join(directory, name))),
      )) as [Written, Written, Written]
      const lists = [
        '--curve-server-key',
        server.secretFile,
        '--curve-client-key',
        sender.publicFile,
        '--curve-backend-key',
        receiver.publicFile,
      ]
      await using run = runCommand('streamer', '--frontend', 'tcp://*:*', '--backend', 'tcp://*:*', ...lists)
      const line = await run.line()
      const [frontend, backend] = Array.from(line.matchAll(/:(\d+)\b/g), ([, port]) => `tcp://127.0.0.1:${port}`) as [
        string,
        string,
      ]
      const by = async ({ secretFile }: Written): Promise<object> =>
        curveClient({ keys: await readKeys(secretFile), serverKey: server.publicKey })
      await using stranger = await openSocket('PUSH', {
        ...curveClient({ keys: createKeys(), serverKey: server.publicKey }),
        linger: 0,
      })
      await using plain = await openSocket('PUSH', { linger: 0 })
      await using push = await openSocket('PUSH', await by(sender))
      await using intruder = await openSocket('PULL', await by(sender))
      await using pull = await openSocket('PULL', await by(receiver))
      for (const socket of [stranger, plain, push]) await socket.connect(frontend)
      for (const socket of [intruder, pull]) await socket.connect(backend)

      // These are not awaited: once it was refused a socket has no peer that it could send to.
      for (const socket of [stranger, plain]) socket.send('refused').catch(() => undefined)
      for (let time = 0; time < 10; time++) await push.send(`listed ${time}`)

      for (let time = 0; time < 10; time++) expect(String(await pull.receive())).toBe(`listed ${time}`)
      expect(intruder.isReady).toBe(false)
      expect(line).not.toContain('unencrypted')
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
