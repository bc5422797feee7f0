import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeys, readKeys, writeKeys, type CurveClient, type CurveKeys } from '@zera/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { decodeZ85, encodeZ85 } from '../../../core/dist/curve/z85.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { Relays } from '../fixtures/nodes/relays.js'
import { formsOf } from '../fixtures/nodes/secret-forms.js'
import { runCommand, type CommandRun } from '../fixtures/run-command.js'
import { runProgram } from '../fixtures/run-program.js'
import type { NodeOptions } from '../index.js'

expectNoLeaksAfterEach()

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zera-secrets-'))
  await mkdir(`${directory}/records`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true })
})

/** A node with its keys, and where it is reached. */
interface RunningNode extends AsyncDisposable {
  readonly endpoint: string
  readonly pid: number
  readonly run: CommandRun
}

async function startNode(...args: string[]): Promise<RunningNode> {
  const run = runCommand(...args, '--root', '/')
  const line = await run.line()
  const [, endpoint, pid] = /^node: (\S+) lends .*\(process (\d+)\)/.exec(line) ?? []
  if (endpoint === undefined) throw new Error(`The node says ${line}`)
  return { endpoint, pid: Number(pid), run, [Symbol.asyncDispose]: () => run[Symbol.asyncDispose]() }
}

async function keysIn(name: string): Promise<{ keys: CurveKeys; publicFile: string; secretFile: string }> {
  const files = await writeKeys(`${directory}/${name}`)
  return { ...files, keys: await readKeys(files.secretFile) }
}

/** All that was written down with this beginning, as one. */
async function recorded(kind: 'secrets' | 'frames'): Promise<Buffer> {
  const files = (await readdir(`${directory}/records`)).filter(file => file.startsWith(kind))
  return Buffer.concat(await Promise.all(files.map(file => readFile(`${directory}/records/${file}`))))
}

test.each(['hex', 'base64', 'json'] as const)('formsOf() has the form that a secret takes in %s', how => {
  const { secretKey } = createKeys()
  const bytes = decodeZ85(secretKey) as Buffer
  const written = {
    hex: `x${bytes.toString('hex')}`,
    base64: Buffer.concat([Buffer.from('ab'), bytes, Buffer.from('c')]).toString('base64'),
    json: JSON.stringify({ a: { secretKey } }),
  }

  expect(
    [...formsOf(bytes, secretKey)].filter(([, form]) => written[how].includes(form.toString('latin1'))),
  ).not.toEqual([])
})

test.runIf(process.platform === 'linux')(
  'no secret key leaves its process, in whatever form, where nodes with keys, without, children and processes of actors talk to each other, and die, and come back',
  async () => {
    const [system, a, b] = [await keysIn('system'), await keysIn('a'), await keysIn('b')]
    vi.stubEnv('ZERA_RECORDS', `${directory}/records`)
    vi.stubEnv('NODE_OPTIONS', `--import ${new URL('../fixtures/nodes/records-process.js', import.meta.url).href}`)
    const withKeys = (node: typeof a): string[] => ['--keys', node.secretFile, '--clients', system.publicFile]
    await using relays = new Relays()
    await using first = await startNode('--listen', 'tcp://127.0.0.1:*', ...withKeys(a))
    await using second = await startNode('--listen', 'tcp://127.0.0.1:*', ...withKeys(b))
    await using open = await startNode('--listen', 'tcp://127.0.0.1:*')
    for (const { pid } of [first, second, open]) relays.watch(pid)
    const curve = (node: typeof a): CurveClient => ({ keys: system.keys, serverKey: node.keys.publicKey })
    const nodes: NodeOptions[] = [
      { name: 'open', endpoint: Relays.before(open.endpoint) },
      { name: 'a', endpoint: Relays.before(first.endpoint), curve: curve(a) },
      { name: 'b', endpoint: Relays.before(second.endpoint), curve: curve(b) },
      { name: 'child' },
    ]

    const program = runProgram('programs/nodes/main-mixes-nodes', [JSON.stringify(nodes)])
    // It kills node a.
    expect(await Promise.race([first.run.ended.then(() => 'killed'), program])).toBe('killed')
    await using again = await startNode('--listen', first.endpoint, ...withKeys(a))
    relays.watch(again.pid)
    const { stdout, stderr, code } = await program

    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(JSON.parse(stdout)).toEqual({ answered: 3 * 7 * 6, hosts: 7 })
    const made = (await recorded('secrets'))
      .toString()
      .split('\n')
      .filter(line => line !== '')
      .map(line => Buffer.from(line, 'hex'))
    const listed = [system, a, b].map(({ keys }) => decodeZ85(keys.secretKey) as Buffer)
    const places = {
      'the bytes of all connections': relays.bytes,
      'the frames of all processes': await recorded('frames'),
    }
    const found = [...listed, ...made].flatMap((secret, at) =>
      [...formsOf(secret, encodeZ85(secret))].flatMap(([form, bytes]) =>
        Object.entries(places).flatMap(([place, all]) =>
          all.includes(bytes) ? `secret ${at}: ${form} in ${place}` : [],
        ),
      ),
    )
    expect(found).toEqual([])
    // It has looked at what there was to look at.
    expect(relays.connections).toBeGreaterThan(10)
    expect(Math.min(...Object.values(places).map(({ length }) => length))).toBeGreaterThan(10_000)
    expect(made.length).toBeGreaterThan(10)
    expect(places['the frames of all processes'].includes('askOther')).toBe(true)
    expect(places['the bytes of all connections'].includes('askOther')).toBe(true)
  },
)
