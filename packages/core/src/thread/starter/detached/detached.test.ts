import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ThreadStartError } from '../../../base/errors/errors.js'
import { expectNoLeaksAfterEach } from '../../../fixtures/leaks.js'
import { ODD_THROWN } from '../../../fixtures/odd-values.js'
import { runProgram } from '../../../fixtures/run-program.js'
import { openSocket } from '../../../sockets/here/open-socket.js'
import type { Sockets } from '../../../sockets/socket.js'
import { startDetached, startProcess, type Detached, type DetachedOptions } from './detached.js'

const MODULE = new URL('../../../fixtures/threads/detached-server.js', import.meta.url)

expectNoLeaksAfterEach()

/** An endpoint of its own. A port that was free a moment ago may be another test's by now. */
function ownEndpoint(): string {
  return `ipc://${join(tmpdir(), `zera-detached-${randomUUID()}`)}`
}

/** A port that was free a moment ago. */
async function freePort(): Promise<string> {
  await using socket = await openSocket('REP')
  return socket.bind('tcp://127.0.0.1:*')
}

async function client(endpoint: string): Promise<Sockets['REQ']> {
  const socket = await openSocket('REQ', { linger: 0 })
  await socket.connect(endpoint)
  return socket
}

describe('startDetached() in a process', () => {
  test.each(ODD_THROWN.map(({ name }, at) => ({ name, at })))('says that it threw $name', async ({ at }) => {
    const started = startDetached(new URL('../../../fixtures/threads/failing/throws-odd-values.js', import.meta.url), {
      in: 'process',
      data: { at, how: 'start' },
    })

    await expect(started).rejects.toMatchObject({ code: 'ZERA_THREAD_START', cause: expect.any(Error) as unknown })
  })
})

describe.each(['thread', 'process'] as const)('startDetached() in a %s', where => {
  async function start(endpoint: string, options: DetachedOptions = {}): Promise<Detached> {
    return startDetached(MODULE, { in: where, name: 'server', data: { endpoint }, ...options })
  }

  test('runs the module, which talks over ipc, and stops it', async () => {
    const endpoint = ownEndpoint()
    await using server = await start(endpoint)
    await using request = await client(endpoint)

    await request.send('hello')
    const [answer] = await request.receive()
    await server.stop()

    expect(String(answer)).toBe('server got hello')
    expect(await server.down).toMatchObject({ thread: 'server', reason: 'stopped', exitCode: 0 })
  })

  test.each([
    ['throw', { reason: 'threw', exitCode: 1, error: { name: 'RangeError', message: 'told to' } }],
    ['exit', { reason: 'exited', exitCode: 7 }],
  ] as const)('tells how it ended by %s', async (word, expected) => {
    const endpoint = ownEndpoint()
    await using server = await start(endpoint)
    await using request = await client(endpoint)

    await request.send(word)

    expect(await server.down).toMatchObject(expected)
  })

  test('kills it, and stop() after that is harmless', async () => {
    await using server = await start(ownEndpoint())

    await server.kill()
    await server.stop()

    expect(await server.down).toMatchObject({ reason: 'killed' })
  })

  test.each([
    ['does not call ready() in time', { startMs: 500, isReady: false }],
    ['throws before it', { startMs: 10_000, isReady: true, endpoint: 'tcp://nowhere' }],
  ])('rejects when it %s, and leaves nothing', async (_how, { startMs, ...data }) => {
    const starting = startDetached(MODULE, { in: where, startMs, data: { endpoint: ownEndpoint(), ...data } })

    await expect(starting).rejects.toBeInstanceOf(ThreadStartError)
  })

  test('rejects when its module cannot be imported, or its data cannot be copied', async () => {
    await expect(startDetached(new URL('./no-such-module.js', import.meta.url), { in: where })).rejects.toBeInstanceOf(
      ThreadStartError,
    )
    await expect(startDetached(MODULE, { in: where, data: { endpoint: () => undefined } })).rejects.toBeInstanceOf(
      ThreadStartError,
    )
  })

  test('gives the start up when the signal aborts', async () => {
    const giveUp = new AbortController()
    const starting = startDetached(MODULE, {
      in: where,
      signal: giveUp.signal,
      startMs: Infinity,
      data: { endpoint: ownEndpoint(), isReady: false },
    })

    giveUp.abort()

    await expect(starting).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('startProcess()', () => {
  test('tells by which signal it ended, and what it last wrote', async () => {
    const endpoint = ownEndpoint()
    await using server = await startProcess(MODULE, { name: 'server', data: { endpoint } })
    await using request = await client(endpoint)

    await request.send('fault')
    const down = await server.down

    expect(down).toMatchObject({
      reason: 'crashed',
      exitCode: 139,
      error: { code: 'ZERA_PROCESS_DOWN', signal: 'SIGSEGV', exitCode: undefined, stderr: 'about to fail\n' },
    })
    expect(server.end).toEqual({ exitCode: undefined, signal: 'SIGSEGV', stderr: 'about to fail\n' })
  })

  test('says how one ended that did not become ready', async () => {
    const starting = startProcess(MODULE, { name: 'server', data: { endpoint: ownEndpoint(), fault: 'SIGABRT' } })

    await expect(starting).rejects.toMatchObject({
      name: 'ThreadStartError',
      process: { signal: 'SIGABRT' },
      cause: { code: 'ZERA_PROCESS_DOWN' },
    })
  })

  test('ends it when it has more memory than it may, whatever has taken that', async () => {
    const endpoint = ownEndpoint()
    await using server = await startProcess(MODULE, { name: 'server', data: { endpoint }, maxRssMb: 200 })
    await using request = await client(endpoint)

    await request.send('hoard')

    expect(await server.down).toMatchObject({
      reason: 'memory-limit',
      error: { code: 'ZERA_MEMORY_LIMIT', maxRssMb: 200 },
    })
  })

  test('refuses a limit that is none', async () => {
    await expect(startProcess(MODULE, { maxRssMb: 0 })).rejects.toBeInstanceOf(RangeError)
  })
})

test('a detached process ends when its starter was killed', async () => {
  const endpoint = await freePort()

  const ended = await runProgram('programs/main-is-killed-with-process', [endpoint], 'SIGKILL')
  // It can be bound again when the process has gone.
  await expect.poll(() => canBind(endpoint), { timeout: 10_000 }).toBe(true)

  expect(ended.signal).toBe('SIGKILL')
})

async function canBind(endpoint: string): Promise<boolean> {
  await using socket = await openSocket('REP')
  return socket.bind(endpoint).then(
    () => true,
    () => false,
  )
}
