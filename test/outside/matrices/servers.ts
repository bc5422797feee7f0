import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NODES } from '../nodes.js'
import type { Outside } from '../outside.js'
import { expectSuccess, type Ended } from '../run.js'
import type { Cell, Matrix } from './matrix.js'

/**
 * Milliseconds that a server may take to its end. An answer takes 30, and a machine that is busy takes its time; a
 * worker that is not drained takes 5,000, one after the other.
 */
const SOON_MS = 8000
const LONGEST_MS = 60_000
/** As many keep-alive connections as ask on and on. */
const CONNECTIONS = 20

interface Server {
  readonly row: string
  readonly module: string
  /** How it ends: by the program, or by Zera when the program does not mind the signal. */
  readonly end: number | NodeJS.Signals
  readonly isShort?: boolean
  /** Whether it is to be compiled first. */
  readonly isTypeScript?: boolean
  /** Whether it says nothing of its end, so that requests may fail. It ends soon all the same. */
  readonly isCareless?: boolean
  /** Whether it goes on listening while it ends, and then closes each connection that is new. */
  readonly refusesByReset?: boolean
}

const SERVERS: readonly Server[] = [
  { row: 'node:http without Zera', module: 'variants/without-zera.js', end: 0 },
  { row: 'node:http', module: 'node-http.js', end: 0, isShort: true },
  { row: 'Fastify', module: 'fastify.js', end: 0, isShort: true },
  { row: 'Express 5', module: 'express.js', end: 0 },
  { row: 'Hono', module: 'hono.js', end: 0 },
  { row: 'NestJS, shutdown hooks', module: 'nest/main.js', end: 'SIGTERM', isTypeScript: true },
  { row: '`child(startServer)`', module: 'child.js', end: 143 },
  { row: 'Fastify, closes and leaves the system', module: 'variants/own-close.js', end: 0 },
  { row: 'Fastify, close-with-grace', module: 'variants/close-with-grace.js', end: 0 },
  { row: 'Fastify, http-terminator', module: 'variants/http-terminator.js', end: 0, refusesByReset: true },
  { row: 'Fastify, signal-exit beside its own handler', module: 'variants/signal-exit.js', end: 0 },
  { row: 'Fastify, nothing said of signals', module: 'variants/no-signals.js', end: 143, isCareless: true },
]

/** Servers whose routes ask actors, and that are told to end while clients go on. */
export const servers: Matrix = {
  name: 'servers',
  title: 'Servers that get SIGTERM under load',
  cells: SERVERS.flatMap(server =>
    NODES.map((node): Cell => ({
      row: server.row,
      column: `Node ${node}`,
      isShort: server.isShort === true && node === '24',
      run: outside => interrupt(outside, server, node),
    })),
  ),
}

/** What clients and server saw. */
interface Account {
  /** Answers by their status. */
  readonly statuses: Readonly<Record<string, number>>
  /** Errors of connections by their code. */
  readonly errors: Readonly<Record<string, number>>
  /** Requests that the server had begun, and did not answer in full. */
  readonly cut: number
  readonly endedIn: number
}

async function interrupt(outside: Outside, server: Server, node: string): Promise<string> {
  const project = await outside.project('servers')
  if (server.isTypeScript === true) expectSuccess(await project.run('tsc', ['-p', 'nest'], { node }))
  const options = { node, timeoutMs: LONGEST_MS }
  const running = await project.start('node', ['--import', './load/account.js', server.module], options)
  const port = /listening on (\d+)/.exec(await running.printed(/listening on \d+/))?.[1] ?? ''
  const clients = await project.start('node', ['load/load.js', port], options)
  await clients.printed(/loaded/)
  const before = performance.now()
  running.process.kill('SIGTERM')
  const ended = await running.ended
  const endedIn = Math.round(performance.now() - before)
  const { statuses, errors } = readLoad(expectSuccess(await clients.ended))
  const [begun = 0, finished = 0] = (await readFile(join(project.directory, 'account.txt'), 'utf8'))
    .trim()
    .split(' ')
    .map(Number)
  const account = { statuses, errors, cut: begun - finished, endedIn }
  expectGraceful(server, account, ended)
  return describe(account, ended)
}

function readLoad({ stdout }: Ended): Pick<Account, 'statuses' | 'errors'> {
  return JSON.parse(stdout.slice(stdout.indexOf('{'))) as Pick<Account, 'statuses' | 'errors'>
}

/** @throws When a request has failed, or the server has not ended as the program has it. */
function expectGraceful(
  { end, isCareless = false, refusesByReset = false }: Server,
  account: Account,
  ended: Ended,
): void {
  const { statuses, errors, cut, endedIn } = account
  const failed = Object.keys(statuses).filter(status => status !== '200')
  // A server that closes a connection which is idle may meet a request that is on its way: Node's own race.
  const resets = errors['ECONNRESET'] ?? 0
  const isRight =
    (isCareless || (failed.length === 0 && cut === 0)) &&
    (refusesByReset || resets <= CONNECTIONS) &&
    (ended.signal ?? ended.code) === end &&
    endedIn < SOON_MS
  if (!isRight)
    throw new Error(
      `It should answer all requests and end with ${end}: ${describe(account, ended)}; ${JSON.stringify({ statuses, errors })}\n${ended.stdout}${ended.stderr}`,
    )
}

function describe({ statuses, errors, cut, endedIn }: Account, { code, signal }: Ended): string {
  const failed = Object.entries(statuses).filter(([status]) => status !== '200')
  return [
    failed.length === 0 ? '0 failed' : failed.map(([status, count]) => `${count} × ${status}`).join(', '),
    `${cut} cut`,
    `${errors['ECONNRESET'] ?? 0} on idle connections`,
    `exit ${signal ?? code}`,
    `${endedIn} ms`,
  ].join(', ')
}
