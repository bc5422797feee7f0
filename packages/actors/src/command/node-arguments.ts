import { parseEndpoint, readKeys, readPublicKey, type CurveServer } from '@zera/core'
import { realpathSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

/** What `zera-node` is told. */
export interface NodeArguments {
  readonly listen: string
  readonly curve: CurveServer | undefined
  /** The directory of the modules with all links resolved, as a URL that ends in a slash. */
  readonly root: string
  readonly maxThreads: number
}

/** The command was called wrongly. Its text says what to write in place of it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const HELP = `usage: zera-node --listen ENDPOINT [options]

Lends threads to a system on this or another machine, which names it among its nodes: startSystem({ nodes: [{ name: 'a', endpoint, curve }] }). It serves one system after the other, until Ctrl-C.

  --listen ENDPOINT    where systems reach it: tcp://0.0.0.0:7000 from everywhere, tcp://127.0.0.1:7000 or ipc:///path from this machine. Its threads listen on free ports of the same interface
  --keys FILE          encrypts with CURVE; FILE has the node's keys, from zera-device keygen, and systems have to know the public one. Needed where other machines can reach it
  --clients FILE       lets the system in whose public key FILE has; may be given several times
  --root DIR           where the modules of the actors lie, as they lie under the root of the system; the working directory by default
  --threads-max N      lends at most N threads; by default as many as this machine has cores
  --help               this text

Whoever can connect has it run any module under DIR.
`

/** Reads the arguments of the command. @throws {UsageError} @throws {KeyFileError} @throws {EndpointError} @throws {TypeError} By `parseArgs`. */
export async function readNodeArguments(args: readonly string[]): Promise<NodeArguments> {
  const { values } = parseArgs({
    args: [...args],
    options: { listen: { type: 'string' }, keys: { type: 'string' }, clients: { type: 'string', multiple: true }, root: { type: 'string' }, 'threads-max': { type: 'string' } },
  })
  const { listen, keys, clients = [], root = '.' } = values
  if (listen === undefined) throw new UsageError('--listen is missing; give it an endpoint, such as --listen tcp://127.0.0.1:7000')
  if (parseEndpoint(listen).startsWith('inproc:')) throw new UsageError(`--listen ${listen} cannot be reached from other processes; use tcp or ipc`)
  if (keys === undefined && clients.length > 0) throw new UsageError('--clients needs --keys, the keys of the node itself')
  if (keys !== undefined && clients.length === 0) throw new UsageError('--keys needs --clients, for each system that may come in')
  return {
    listen,
    curve: keys === undefined ? undefined : { keys: await readKeys(keys), clients: await Promise.all(clients.map(file => readPublicKey(file))) },
    root: directoryUrl(root),
    maxThreads: threadsMax(values['threads-max']),
  }
}

function directoryUrl(path: string): string {
  const directory = resolve(path)
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) throw new UsageError(`--root ${path} is no directory`)
  return `${pathToFileURL(realpathSync(directory)).href.replace(/\/$/, '')}/`
}

function threadsMax(text: string | undefined): number {
  if (text === undefined) return availableParallelism()
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new UsageError(`--threads-max must be a whole number from 1 on, not ${text}`)
  return Number(text)
}
