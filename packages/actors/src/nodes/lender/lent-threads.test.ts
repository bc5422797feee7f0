import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock } from '@zera/core/internal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { runCommand, type CommandRun } from '../../fixtures/run-command.js'
import { NodeSession } from '../borrower/node-session.js'
import type { RemoteThread } from '../borrower/remote-thread.js'
import { NODE_PROTOCOL, type OpenRequest } from '../control/control.js'

expectNoLeaksAfterEach()

let directory: string
let run: CommandRun
let endpoint: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zera-lent-'))
  await writeFile(
    join(directory, 'never.mjs'),
    `import { writeFileSync } from 'node:fs'
    export default () => { writeFileSync(${JSON.stringify(join(directory, 'begun'))}, ''); return new Promise(() => undefined) }`,
  )
  run = runCommand('--listen', 'tcp://127.0.0.1:*', '--threads-max', '2', '--root', directory)
  endpoint = /^node: (\S+) lends/.exec(await run.line())?.[1] as string
})
afterAll(async () => {
  await run[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

const open = (request: Partial<OpenRequest> = {}): Promise<NodeSession> => {
  const asked = {
    protocol: NODE_PROTOCOL,
    system: randomBytes(16).toString('hex'),
    root: undefined,
    threads: 2,
    heartbeatMs: 100,
    deadlineMs: 60_000,
    ...request,
  }
  return NodeSession.open(
    { node: 'a', endpoint: endpoint as 'tcp://', security: {}, faulted: () => undefined, request: asked },
    60_000,
    new AbortController().signal,
    systemClock,
  )
}

/**
 * Orders a thread, with whatever options.
 *
 * @param number Undefined for a spare one.
 */
function start(session: NodeSession, number: number | undefined, options: object = {}): Promise<RemoteThread> {
  const place = number === undefined ? undefined : { number, blackBox: new SharedArrayBuffer(1_000_000) }
  return session.startThread({ name: 'lent', startMs: 60_000, ...options, data: { place, container: undefined } })
}

describe('a node', () => {
  test('lends so many threads and no more, whatever is ordered, and another when one has ended', async () => {
    const session = await open()

    const started = await Promise.allSettled([
      start(session, undefined),
      ...Array.from({ length: 20 }, (_, at) => start(session, at + 1)),
    ])
    const threads = started.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
    const errors = started.flatMap(each => (each.status === 'rejected' ? [each.reason as unknown] : []))

    expect(threads.length).toBe(2)
    for (const error of errors)
      expect(error).toMatchObject({
        name: 'ThreadStartError',
        cause: { name: 'NodeLimitError', code: 'ZERA_NODE_LIMIT', limit: 2 },
      })
    await threads[0]?.kill()
    await (await start(session, 30)).kill()
    await session.close(60_000)
  })

  test('does not forget the thread of a host that is started a second time', async () => {
    const session = await open()
    const first = await start(session, 1)

    await expect(start(session, 1, { incarnation: 2 })).rejects.toMatchObject({
      name: 'ThreadStartError',
      cause: { name: 'ThreadStartError' },
    })

    expect(await first.kill()).toMatchObject({ reason: 'killed' })
    await (await start(session, 1, { incarnation: 2 })).kill()
    await session.close(60_000)
  })

  test.each([
    ['a number with a path in it', '/../../x', {}],
    ['a number that is none', Number.NaN, {}],
    ['a negative number', -1, {}],
    ['an incarnation with a path in it', 1, { incarnation: '/../x' }],
    ['a start that may take for ever', 1, { startMs: Infinity }],
    ['a start that may take longer than the limit', 1, { startMs: 600_001 }],
    ['a start in no time', 1, { startMs: -1 }],
    ['a heap that is none', 1, { maxHeapMb: Number.NaN }],
    ['a heap without an end', 1, { maxHeapMb: 2 ** 40 }],
    ['a name without an end', 1, { name: 'x'.repeat(5000) }],
  ])('starts no thread for %s', async (_what, number, options) => {
    const session = await open()

    const error = await start(session, number as number, options).catch((thrown: unknown) => thrown)

    // What is no number at all ends the session as well.
    expect(error).toMatchObject({
      name: 'ThreadStartError',
      cause: { name: expect.stringMatching(/^(NodeLimitError|RangeError|NodeUnreachableError)$/) },
    })
    await session.close(60_000)
    await session.closed()
  })

  test.each<Partial<OpenRequest>>([
    { deadlineMs: 600_001 },
    { deadlineMs: 2 ** 42 },
    { heartbeatMs: 60_001, deadlineMs: 400_000 },
    { deadlineMs: 100 },
  ])('lets no system in with %j', async request => {
    await expect(open(request)).rejects.toMatchObject({ name: 'NodeRefusedError', refusal: { why: 'limits' } })
  })

  test('ends the session of a system that signals a thread what no system does, and takes the next', async () => {
    const session = await open()
    await start(session, 1)

    session.say({ kind: 'signal', thread: 1, signal: 'rhubarb' as 'gone', data: { peer: 1 }, terms: undefined })

    expect(await session.ended).toMatchObject({ name: 'NodeUnreachableError' })
    await session.closed()
    const next = await open()
    await (await start(next, 1)).kill()
    await next.close(60_000)
  })

  test('ends what is being started when the session ends, however long it may take', async () => {
    const session = await open()
    const container = pathToFileURL(join(directory, 'never.mjs')).href
    const starting = session
      .startThread({ name: 'lent', startMs: 600_000, data: { place: undefined, container } })
      .catch((error: unknown) => error)
    await expect.poll(() => readdir(directory), { timeout: 60_000 }).toContain('begun')

    await session.close(60_000)

    expect(await starting).toMatchObject({ name: 'ThreadStartError' })
    // A session begins when nothing is left of the one before.
    await (await open()).close(60_000)
  })

  test('kills a thread that is being started when its start is given up, and the session goes on', async () => {
    const session = await open()
    const container = pathToFileURL(join(directory, 'never.mjs')).href
    const giveUp = new AbortController()
    await rm(join(directory, 'begun'), { force: true })
    const starting = session
      .startThread({
        name: 'lent',
        startMs: 600_000,
        signal: giveUp.signal,
        data: { place: { number: 1, blackBox: new SharedArrayBuffer(1_000_000) }, container },
      })
      .catch((error: unknown) => error)
    await expect.poll(() => readdir(directory), { timeout: 60_000 }).toContain('begun')

    giveUp.abort()

    expect(await starting).toMatchObject({ name: 'ThreadStartError' })
    // The number and the place of it are free.
    const next = await start(session, 1)
    await next.stop()
    await session.close(60_000)
    await session.closed()
  })
})
