import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createKeys, writeKeys, readKeys, type CurveKeys } from '@zera/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import lodger from '../fixtures/actors/lodger.js'
import { eventually } from '../fixtures/eventually.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import { runCommand, runCommandIn, type CommandRun } from '../fixtures/run-command.js'
import { runProgram } from '../fixtures/run-program.js'
import { startSystem, type ActorDefinition, type NodeOptions, type System } from '../index.js'
import { HELP } from './node-arguments.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'
let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zera-command-'))
})
afterEach(() => rm(directory, { recursive: true }))

/** The endpoint that a node says it listens on. */
async function endpointOf(run: CommandRun): Promise<string> {
  return /^node: (\S+) lends/.exec(await run.line())?.[1] as string
}

function start(...nodes: NodeOptions[]): Promise<System> {
  return startSystem({ threads: 0, nodes, handleSignals: false, startMs: 60_000, root: pathToFileURL('/') })
}

describe('zera node', () => {
  test('tells its options with --help', async () => {
    await using run = runCommand('--help')

    const { exitCode, stdout, stderr } = await run.ended

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toBe(HELP)
  })

  test.each([
    [['--listen', 'ipc://@zera'], '--listen ipc://@zera is no path'],
    [['--listen', 'ipc://*'], '--listen ipc://* is no path'],
    [['--listen', 'ipc:///no/such/directory/node'], '--listen ipc:///no/such/directory/node is not safe without keys'],
    [['--listen', 'rhubarb'], 'Cannot use endpoint "rhubarb"'],
    [['--listen', 'inproc://here'], 'cannot be reached from other processes'],
    [
      ['--listen', 'tcp://0.0.0.0:7000'],
      '--listen tcp://0.0.0.0:7000 can be reached from other machines; give --keys and --clients',
    ],
    [['--listen', ANY, '--rhubarb'], "Unknown option '--rhubarb'"],
    [['--listen', ANY, 'rhubarb'], "Unexpected argument 'rhubarb'"],
    [['--listen', ANY, '--threads-max', '0'], '--threads-max must be a whole number from 1 on, not 0'],
    [['--listen', ANY, '--root', '/no/such/directory'], '--root /no/such/directory is no directory'],
    [['--listen', ANY, '--keys', '/no/such/file'], '--keys needs --clients'],
    [['--listen', ANY, '--clients', '/no/such/file'], '--clients needs --keys'],
    [
      ['--listen', ANY, '--keys', '/no/such/file', '--clients', '/no/such/file'],
      'Cannot use the key file /no/such/file',
    ],
  ])('refuses %j with exit code 2', async (args, text) => {
    await using run = runCommand(...args)

    const { exitCode, stdout, stderr } = await run.ended

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^zera node: .*; see zera node --help\n$/)
    expect(stderr).toContain(text)
    expect(stderr).not.toContain('    at ')
  })

  test('lends threads to one system after the other, and not to two at once', async () => {
    await using run = runCommand('--listen', ANY, '--threads-max', '2', '--root', '/')
    const endpoint = await endpointOf(run)

    for (const name of ['first', 'second']) {
      await using system = await start({ name, endpoint, threads: 2 })
      const ref = await system.spawn(lodger, { placement: 'any-node' })
      expect(await ref.ask.pid()).not.toBe(process.pid)
      await expect(start({ name: 'a', endpoint })).rejects.toMatchObject({
        name: 'NodeRefusedError',
        node: 'a',
        refusal: { why: 'busy' },
      })
    }
    await expect(start({ name: 'a', endpoint, threads: 3 })).rejects.toMatchObject({
      name: 'NodeRefusedError',
      refusal: { why: 'threads', maxThreads: 2 },
    })
  })

  test('ends the threads of a system that was killed, and has the next', async () => {
    await using run = runCommand('--listen', ANY, '--root', '/')
    const endpoint = await endpointOf(run)

    const ended = await runProgram('programs/nodes/main-has-node', [endpoint], ['SIGKILL'])
    // The first may still be there.
    await eventually(async () => {
      await using system = await start({ name: 'a', endpoint })
      const ref = await system.spawn(lodger, { placement: 'any-node' })
      expect(await ref.ask.pid()).toBe(Number(ended.stdout))
    })

    expect(ended).toMatchObject({ signal: 'SIGKILL', stderr: '' })
  })

  test('stops cleanly at Ctrl-C, which its system hears at once', async () => {
    await using run = runCommand('--listen', ANY)
    await using system = await start({ name: 'a', endpoint: await endpointOf(run) })
    const hostDown = nextEvent(system, 'host-down')

    run.kill('SIGINT')

    expect(await run.ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await hostDown).toMatchObject({ reason: 'unreachable' })
  })

  test('goes on when no process reads what it writes, and stops cleanly', async () => {
    await using run = runCommand('--listen', ANY, '--root', '/')
    const endpoint = await endpointOf(run)
    run.turnAway()
    await using system = await start({ name: 'a', endpoint })
    const ref = await system.spawn(lodger, { placement: 'any-node' })
    expect(await ref.ask.pid()).not.toBe(process.pid)
    await system.stop()

    run.kill('SIGINT')

    expect(await run.ended).toMatchObject({ exitCode: 0, signal: null })
  })

  test('imports modules from its own root, under the addresses of the system', async () => {
    for (const side of ['system', 'node']) {
      await mkdir(join(directory, side))
      await writeFile(
        join(directory, side, 'where.mjs'),
        `
        import { defineActor } from ${JSON.stringify(new URL('../index.js', import.meta.url).href)}
        export class Where { url() { return import.meta.url } self() { return definition.url } }
        const definition = defineActor(import.meta.url, Where)
        export default definition`,
      )
    }
    const root = pathToFileURL(`${directory}/system/`)
    const where = (
      (await import(new URL('where.mjs', root).href)) as { default: ActorDefinition<{ url(): string; self(): string }> }
    ).default
    await using run = runCommand('--listen', ANY, '--root', join(directory, 'node'))
    await using system = await startSystem({
      threads: 0,
      nodes: [{ name: 'a', endpoint: await endpointOf(run) }],
      root,
      handleSignals: false,
    })

    const ref = await system.spawn(where, { placement: 'any-node' })

    expect(await ref.ask.url()).toBe(pathToFileURL(join(directory, 'node', 'where.mjs')).href)
    expect(await ref.ask.self()).toBe(where.url)
    await expect(system.spawn(lodger, { placement: 'any-node' })).rejects.toMatchObject({
      name: 'ActorStartError',
      cause: { name: 'DefinitionError' },
    })
  })
})

describe('the first line of zera node', () => {
  const user = userInfo().username

  test('names a socket of its own in XDG_RUNTIME_DIR, where a system reaches it, and which is gone afterwards', async () => {
    const runtime = join(directory, 'runtime')
    await mkdir(runtime, { mode: 0o700 })
    await using run = runCommandIn({ XDG_RUNTIME_DIR: runtime }, '--root', '/')

    const line = await run.line()
    const endpoint = /^node: (\S+) lends/.exec(line)?.[1] as string
    await using system = await start({ name: 'a', endpoint })
    const ref = await system.spawn(lodger, { placement: 'any-node' })
    expect(await ref.ask.pid()).toBe(run.pid)
    await system.stop()
    run.kill('SIGINT')

    expect(endpoint.startsWith(`ipc://${runtime}/zera-node-`)).toBe(true)
    expect(line.endsWith(`; not encrypted: only ${user} and root can connect, and run code as ${user}`)).toBe(true)
    expect(await run.ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await readdir(runtime)).toEqual([])
  })

  test.runIf(process.platform !== 'win32')(
    'names another socket when the node before was killed, of which nothing is left then',
    async () => {
      const runtime = join(directory, 'runtime')
      await mkdir(runtime, { mode: 0o700 })
      await using killed = runCommandIn({ XDG_RUNTIME_DIR: runtime })
      await killed.line()
      killed.kill('SIGKILL')
      await killed.ended
      const [left] = (await readdir(runtime)) as [string]
      // One that was just made may be about to listen.
      await utimes(join(runtime, left), 0, 0)

      await using run = runCommandIn({ XDG_RUNTIME_DIR: runtime })

      expect(await run.line()).toMatch(/^node: /)
      expect((await readdir(runtime)).length).toBe(1)
      expect(await readdir(runtime)).not.toContain(left)
    },
  )

  test('warns of a port that each user of the machine can connect to', async () => {
    await using run = runCommand('--listen', ANY)

    expect(
      (await run.line()).endsWith(`; not encrypted: ANY USER OF THIS MACHINE can connect, and run code as ${user}`),
    ).toBe(true)
  })

  test('tells how many systems have a key that lets them in', async () => {
    const [node, one, two] = await Promise.all(['node', 'one', 'two'].map(name => writeKeys(join(directory, name))))
    const clients = [one, two, one].flatMap(files => ['--clients', files?.publicFile as string])
    await using run = runCommand('--listen', ANY, '--keys', node?.secretFile as string, ...clients)

    expect((await run.line()).endsWith(`; encrypted: 2 systems may come in, and run code as ${user}`)).toBe(true)
  })
})

test('zera node tells with --help what the README says of it', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')

  expect(readme).toContain(`\`\`\`text\n${HELP}\`\`\`\n`)
})

describe('a node with CURVE', () => {
  let node: CurveKeys
  let other: CurveKeys
  let client: CurveKeys
  beforeEach(async () => {
    const files = await Promise.all(['node', 'other', 'client'].map(name => writeKeys(join(directory, name))))
    ;[node, other, client] = (await Promise.all(files.map(({ secretFile }) => readKeys(secretFile)))) as [
      CurveKeys,
      CurveKeys,
      CurveKeys,
    ]
  })

  const run = (name: string): CommandRun =>
    runCommand(
      '--listen',
      ANY,
      '--keys',
      join(directory, `${name}_secret`),
      '--clients',
      join(directory, 'client'),
      '--root',
      '/',
    )

  test('serves the system whose key it knows, and its threads those of other nodes by word of that', async () => {
    await using first = run('node')
    await using second = run('other')
    const system = await start(
      { name: 'a', endpoint: await endpointOf(first), curve: { keys: client, serverKey: node.publicKey } },
      { name: 'b', endpoint: await endpointOf(second), curve: { keys: client, serverKey: other.publicKey } },
      { name: 'c' },
    )
    const refs = await Promise.all(['a', 'b', 'c'].map(name => system.spawn(lodger, { placement: { node: name } })))
    const [a, b, c] = refs as [(typeof refs)[0], (typeof refs)[0], (typeof refs)[0]]

    const pids = await Promise.all(refs.map(ref => ref.ask.pid()))

    expect(new Set(pids).size).toBe(3)
    for (const [from, to] of [
      [a, b],
      [b, a],
      [a, c],
      [c, b],
    ] as const)
      expect(await from.ask.sumOf(to, 10)).toBe(55)
    expect(await system.stop()).toMatchObject({ isClean: true })
  })

  test.each([
    ['another key', () => ({ keys: createKeys(), serverKey: node.publicKey })],
    ['another key of the node', () => ({ keys: client, serverKey: other.publicKey })],
    ['no key', () => undefined],
  ])('does not answer a system with %s', async (_what, curve) => {
    await using first = run('node')
    const endpoint = await endpointOf(first)
    const given = curve()

    const starting = startSystem({
      threads: 0,
      startMs: 1000,
      handleSignals: false,
      nodes: [{ name: 'a', endpoint, ...(given && { curve: given }) }],
    })

    await expect(starting).rejects.toMatchObject({ name: 'NodeUnreachableError', node: 'a', endpoint })
  })

  test.runIf(process.platform !== 'win32')(
    'reads its lists again on SIGHUP: an added system gets in, and a removed one is cut off, with its session',
    async () => {
      const list = join(directory, 'list')
      const [removed, added] = [client, other]
      await copyFile(join(directory, 'client'), list)
      await using reading = runCommand(
        '--listen',
        ANY,
        '--keys',
        join(directory, 'node_secret'),
        '--clients',
        list,
        '--root',
        '/',
      )
      const endpoint = await endpointOf(reading)
      const open = (keys: CurveKeys, startMs: number): Promise<System> =>
        startSystem({
          threads: 0,
          nodes: [{ name: 'a', endpoint, curve: { keys, serverKey: node.publicKey } }],
          handleSignals: false,
          startMs,
          heartbeat: { heartbeatMs: 100, deadlineMs: 5000 },
        })
      const first = await open(removed, 60_000)

      await copyFile(join(directory, 'other'), list)
      reading.kill('SIGHUP')
      expect(await reading.line()).toBe('clients were read again: 1 system may come in')

      // Until the session of the first has ended, the node is busy.
      await eventually(async () => (await open(added, 60_000)).stop())
      await first.stop()
      await expect(open(removed, 1000)).rejects.toMatchObject({ name: 'NodeUnreachableError' })
      await writeFile(list, 'rhubarb')
      reading.kill('SIGHUP')
      // A list that cannot be read changes nothing.
      await (await open(added, 60_000)).stop()
      reading.kill('SIGINT')
      expect((await reading.ended).stderr).toMatch(/^zera node: clients stay as they were: /)
    },
  )

  test('is needed where other machines can reach it', async () => {
    await expect(start({ name: 'a', endpoint: 'tcp://192.0.2.1:7000' })).rejects.toMatchObject({
      name: 'CurveRequiredError',
    })
  })
})
