import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock } from '@zera/core/internal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { runCommand, type CommandRun } from '../fixtures/run-command.js'
import { defineActor, startSystem, type ActorDefinition } from '../index.js'
import { NodeSession } from '../nodes/borrower/node-session.js'
import { NODE_PROTOCOL } from '../nodes/control/control.js'
import type { HostThreadOptions } from '../platform/platform.js'

expectNoLeaksAfterEach()

let directory: string
let root: string
/** Each module that runs in a thread leaves a file there. */
let marks: string
let run: CommandRun
let endpoint: string
beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'zera-root-')))
  ;[root, marks] = [join(directory, 'root'), join(directory, 'marks')]
  await mkdir(root)
  await mkdir(marks)
  await writeFile(join(root, 'inside.mjs'), moduleText('inside'))
  await writeFile(join(directory, 'outside.mjs'), moduleText('outside'))
  await symlink('../outside.mjs', join(root, 'link.mjs'))
  await symlink('..', join(root, 'up'))
  run = runCommand('--listen', 'tcp://127.0.0.1:*', '--root', root)
  endpoint = /^node: (\S+) lends/.exec(await run.line())?.[1] as string
})
afterAll(async () => {
  await run[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

/**
 * A module that is all that a thread of a node can be made to import: a container, a sink, an actor, something to
 * import ahead.
 */
function moduleText(mark: string): string {
  return `import { writeFileSync } from 'node:fs'
    import { isMainThread } from 'node:worker_threads'
    if (!isMainThread) writeFileSync(${JSON.stringify(join(marks, mark))}, '')
    const { actorContext, defineActor } = await import(${JSON.stringify(new URL('../index.js', import.meta.url).href)})
    export default function () {}
    export class Where {
      #context = actorContext()
      pid() { return process.pid }
      computes() { return this.#context.compute(() => process.pid, []) }
    }
    export const where = import.meta.url.startsWith('file:') ? defineActor(import.meta.url, Where) : undefined`
}

/** Whatever is none of the modules under the root. */
function urlsOutside(): readonly string[] {
  const inRoot = (path: string): string => `${pathToFileURL(root).href}/${path}`
  return [
    `data:text/javascript,${encodeURIComponent(moduleText('data'))}`,
    'node:repl',
    pathToFileURL(join(directory, 'outside.mjs')).href,
    ...[
      '../outside.mjs',
      '%2e%2e/outside.mjs',
      '..%2foutside.mjs',
      'link.mjs',
      'link.mjs?inside.mjs',
      'up/outside.mjs',
      'up/root/../outside.mjs',
    ].map(inRoot),
  ]
}

const refused = (url: string): object => ({ name: 'ModuleRefusedError', code: 'ZERA_MODULE_REFUSED', url })

const openSession = (system: string | undefined): Promise<NodeSession> => {
  const request = {
    protocol: NODE_PROTOCOL,
    system: randomBytes(16).toString('hex'),
    root: system,
    threads: 1,
    heartbeatMs: 100,
    deadlineMs: 60_000,
  }
  return NodeSession.open(
    { node: 'a', endpoint: endpoint as 'tcp://', security: {}, faulted: () => undefined, request },
    60_000,
    new AbortController().signal,
    systemClock,
  )
}

/** A definition can say of itself that it is anywhere. */
function Where(): object {
  return {}
}

const place = { number: 7, blackBox: new SharedArrayBuffer(0) }

describe('zera node --root', () => {
  test('is where the actors of systems come from, and their jobs run in the process of the system', async () => {
    const { where } = (await import(pathToFileURL(join(root, 'inside.mjs')).href)) as {
      where: ActorDefinition<{ pid(): number; computes(): Promise<number> }>
    }
    await using system = await startSystem({
      threads: 0,
      nodes: [{ name: 'a', endpoint }],
      root: pathToFileURL(`${root}/`),
      handleSignals: false,
      startMs: 60_000,
    })
    const ref = await system.spawn(where, { placement: 'any-node' })

    expect(await ref.ask.pid()).not.toBe(process.pid)
    expect(await ref.ask({ timeoutMs: 60_000 }).computes()).toBe(process.pid)
    expect(await readdir(marks)).toEqual(['inside'])
    await rm(join(marks, 'inside'))
  })

  // Whatever a system says where its own modules lie.
  test.each(['that of the node', 'the whole disk'])(
    'lets no actor come from elsewhere, when the root of the system is %s',
    async which => {
      await using system = await startSystem({
        threads: 0,
        nodes: [{ name: 'a', endpoint }],
        root: which === 'the whole disk' ? 'file:///' : pathToFileURL(`${root}/`),
        handleSignals: false,
        startMs: 60_000,
      })

      for (const url of urlsOutside()) {
        const error = await system
          .spawn(defineActor(url, Where), { placement: 'any-node' })
          .catch((thrown: unknown) => thrown)

        expect(error).toMatchObject({
          name: 'ActorStartError',
          cause: { name: 'DefinitionError', cause: refused(url) },
        })
      }

      expect(await readdir(marks)).toEqual([])
    },
  )

  test.each([
    ['container', (url: string): Partial<HostThreadOptions['data']> => ({ place, container: url })],
    ['sink', (url: string): Partial<HostThreadOptions['data']> => ({ place, log: { sink: url } })],
    [
      'module of a spare thread',
      (url: string): Partial<HostThreadOptions['data']> => ({ place: undefined, modules: [url] }),
    ],
  ])('lets no %s come from elsewhere', async (_what, told) => {
    const session = await openSession(undefined)

    for (const url of urlsOutside()) {
      const error = await session
        .startThread({ name: 'spare', startMs: 60_000, data: { place: undefined, container: undefined, ...told(url) } })
        .catch((thrown: unknown) => thrown)

      expect(error).toMatchObject({ name: 'ThreadStartError', cause: refused(url) })
    }

    await session.close(60_000)
    expect(await readdir(marks)).toEqual([])
  })

  test('lets a spare thread import nothing ahead that comes from elsewhere', async () => {
    const session = await openSession(undefined)
    const spare = await session.startThread({
      name: 'spare',
      startMs: 60_000,
      data: { place: undefined, container: undefined },
    })

    for (const url of urlsOutside()) spare.link.signal({ signal: 'preload', data: { url } })
    // The thread takes one signal after the other.
    spare.link.signal({ signal: 'preload', data: { url: pathToFileURL(join(root, 'inside.mjs')).href } })
    await expect.poll(() => readdir(marks), { timeout: 60_000 }).toEqual(['inside'])
    await spare.stop()

    expect(await readdir(marks)).toEqual(['inside'])
    await rm(join(marks, 'inside'))
    await session.close(60_000)
  })
})
