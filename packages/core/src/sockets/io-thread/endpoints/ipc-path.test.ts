import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, lstat, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EndpointError } from '../../../base/errors/errors.js'
import { createKeys } from '../../../curve/keys.js'
import { expectNoLeaksAfterEach } from '../../../fixtures/leaks.js'
import { ANOTHER, canRunAsOthers, linesAs, startAs, STRANGER } from '../../../fixtures/other-user.js'
import { openSocket } from '../../here/open-socket.js'
import { AddressError } from '../../socket-errors.js'

expectNoLeaksAfterEach()

const run = promisify(execFile)
const isLinux = process.platform === 'linux'
const BINDS = fileURLToPath(new URL('../../fixtures/programs/main-binds.js', import.meta.url))
const KNOCKS = fileURLToPath(new URL('../../fixtures/programs/knocks.js', import.meta.url))
/** The keys of a server without an authenticator, so that no client gets in. */
const CURVE = { curveServer: true, curveSecretKey: createKeys().secretKey, zapDomain: 'nobody' }

let directory: string
let path: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zera-ipc-'))
  path = join(directory, 'socket')
})

afterEach(() => rm(directory, { recursive: true }))

/** A process that has bound the path, once it has. */
async function holder(): Promise<
  AsyncDisposable & { readonly outcome: string; end: (signal: NodeJS.Signals) => Promise<void> }
> {
  const child = spawn(process.execPath, [BINDS, `ipc://${path}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    if (signal === 'SIGKILL') await exit
  }
  return { outcome: String(line).trim(), end, [Symbol.asyncDispose]: () => end('SIGKILL') }
}

/**
 * What a process of a user finds who connects. A connection that root may have is waited for; that a stranger has none
 * is seen after half a second.
 */
function knock(user: number, ...places: string[]): Promise<string[]> {
  return linesAs(user, KNOCKS, [`${user === 0 ? 20_000 : 500}`, ...places])
}

async function bindTo(place: string): Promise<string> {
  await using socket = await openSocket('PULL')
  return await socket.bind(`ipc://${place}`)
}

/** The errno with which a bind is refused. */
async function refusal(place = path): Promise<string> {
  const error: unknown = await bindTo(place).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AddressError)
  return (error as AddressError).errno
}

describe('bind() to a path', () => {
  test('refuses a plain file, and leaves it as it is', async () => {
    await writeFile(path, 'precious')

    expect(await refusal()).toBe('EEXIST')

    expect(await readFile(path, 'utf8')).toBe('precious')
  })

  test('refuses a directory, a pipe, and a link to whatever it may be', async () => {
    await writeFile(join(directory, 'file'), 'precious')
    await mkdir(join(directory, 'directory'))
    await run('mkfifo', [join(directory, 'pipe')])
    await using other = await openSocket('PULL')
    await other.bind(`ipc://${path}`)
    for (const [name, target] of [
      ['to-file', 'file'],
      ['to-nothing', 'nothing'],
      ['to-socket', 'socket'],
    ] as const)
      await symlink(target, join(directory, name))

    expect(await refusal(join(directory, 'directory'))).toBe('EISDIR')
    for (const name of ['pipe', 'to-file', 'to-nothing', 'to-socket'])
      expect(await refusal(join(directory, name))).toBe('EEXIST')

    expect(await readFile(join(directory, 'to-file'), 'utf8')).toBe('precious')
    expect((await lstat(join(directory, 'to-nothing'))).isSymbolicLink()).toBe(true)
  })

  test('refuses a path that is too long, and leaves what is there', async () => {
    const long = join(directory, 'x'.repeat(108 - directory.length - 1))
    await writeFile(long, 'precious')

    await expect(bindTo(long)).rejects.toBeInstanceOf(EndpointError)

    expect(await readFile(long, 'utf8')).toBe('precious')
  })

  test('takes a path as long as an address has room for, in bytes', async () => {
    const limit = isLinux ? 107 : 103
    const fits = join(directory, `${'x'.repeat(limit - directory.length - 3)}é`)
    await using socket = await openSocket('PULL')

    expect(await socket.bind(`ipc://${fits}`)).toBe(`ipc://${fits}`)
    await expect(bindTo(`${fits.slice(0, -1)}xé`)).rejects.toBeInstanceOf(EndpointError)
  })

  test.runIf(isLinux)('refuses a name when there is a file of that name, which ZeroMQ would remove', async () => {
    const before = process.cwd()
    process.chdir(directory)
    try {
      await writeFile('@name', 'precious')

      expect(await refusal('@name')).toBe('EEXIST')

      expect(await readFile('@name', 'utf8')).toBe('precious')
    } finally {
      process.chdir(before)
    }
  })

  test('refuses a socket of this process that is open, twice by the same one as well', async () => {
    await using socket = await openSocket('PULL')
    await socket.bind(`ipc://${path}`)

    expect(await refusal()).toBe('EADDRINUSE')
    await expect(socket.bind(`ipc://${path}`)).rejects.toMatchObject({ errno: 'EADDRINUSE' })

    await using push = await openSocket('PUSH')
    await push.connect(`ipc://${path}`)
    await push.send('hello')
    expect(String(await socket.receive())).toBe('hello')
  })

  test('refuses a socket of another program, which goes on', async () => {
    const server = createServer(socket => socket.on('error', () => undefined).end('still here'))
    server.listen(path)
    await once(server, 'listening')

    expect(await refusal()).toBe('EADDRINUSE')

    expect((await lstat(path)).isSocket()).toBe(true)
    await new Promise(resolve => server.close(resolve))
  })

  test('refuses a socket of another process, also one that stands still, and replaces it when that has died', async () => {
    await using other = await holder()
    expect(other.outcome).toBe(`ipc://${path}`)
    expect(await refusal()).toBe('EADDRINUSE')
    await other.end('SIGSTOP')
    expect(await refusal()).toBe('EADDRINUSE')

    await other.end('SIGKILL')

    await using pull = await openSocket('PULL')
    await pull.bind(`ipc://${path}`)
    await using push = await openSocket('PUSH')
    await push.connect(`ipc://${path}`)
    await push.send('hello')
    expect(String(await pull.receive())).toBe('hello')
  })

  test('gives a path that is free to one of those that want it at once', async () => {
    await using other = await holder()
    await other.end('SIGKILL')
    const sockets = await Promise.all(Array.from({ length: 8 }, () => openSocket('PULL')))

    const outcomes = await Promise.allSettled(sockets.map(socket => socket.bind(`ipc://${path}`)))

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ errno: 'EADDRINUSE' })
    await Promise.all(sockets.map(socket => socket.close()))
  })

  test('says no more than that it cannot when the directory is missing', async () => {
    expect(await refusal(join(directory, 'none', 'socket'))).toBe('ENOENT')
    await writeFile(path, '')
    expect(await refusal(join(path, 'socket'))).toBe('ENOTDIR')
  })
})

describe('close()', () => {
  test('removes no file, least of all one that has replaced its own', async () => {
    const socket = await openSocket('PULL')
    const endpoint = await socket.bind(`ipc://${path}`)
    await rename(path, `${path}.moved`)
    await writeFile(path, 'precious')

    await socket.unbind(endpoint)
    await socket.close()

    expect(await readFile(path, 'utf8')).toBe('precious')
  })
})

describe('the mode of a path', () => {
  test.each([
    ['without keys', {}, 0o600],
    ['with keys, by the umask', CURVE, 0o777],
  ])('%s', async (_name, options, mode) => {
    const umask = process.umask(0)
    try {
      await using socket = await openSocket('PULL', options)
      await socket.bind(`ipc://${path}`)

      expect((await lstat(path)).mode & 0o777).toBe(mode)
    } finally {
      process.umask(umask)
    }
  })
})

describe.runIf(canRunAsOthers(KNOCKS))('the users that may connect over ipc', () => {
  test('are this user and root without keys, whatever the mode of the file is, and with keys every user that the umask allows', async () => {
    await chmod(directory, 0o777)
    const [named, keyed] = [`ipc://@zera-test-${process.pid}`, join(directory, 'keyed')]
    await using socket = await openSocket('PULL')
    await socket.bind(`ipc://${path}`)
    await socket.bind(named)
    await using encrypted = await openSocket('PULL', CURVE)
    await encrypted.bind(`ipc://${keyed}`)
    // What the mode keeps out and what the kernel's word keeps out: neither ends who connects.
    expect(await knock(STRANGER, `ipc://${path}`, named)).toEqual(['turned away', 'turned away'])
    for (const file of [path, keyed]) await chmod(file, 0o777)

    expect(await knock(STRANGER, path, named, keyed)).toEqual(['turned away', 'turned away', 'let in'])
    expect(await knock(0, path, named, keyed)).toEqual(['let in', 'let in', 'let in'])
  })

  test('is root too, where the process runs as a user', async () => {
    await chmod(directory, 0o777)
    const child = startAs(STRANGER, BINDS, [`ipc://${path}`])
    const exit = once(child, 'exit')
    await once(child.stdout, 'data')

    for (const [user, outcome] of [
      [STRANGER, 'let in'],
      [0, 'let in'],
      [ANOTHER, 'turned away'],
    ] as const)
      expect(await knock(user, path)).toEqual([outcome])

    child.kill('SIGKILL')
    await exit
  })
})
