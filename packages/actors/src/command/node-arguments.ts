import { realpathSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { parseEndpoint, readKeys, readPublicKey, type CurveServer, UsageError } from '@zera/core/internal'
import { NODE_LIMITS } from '../model/nodes/node-limits.js'

/** The arguments of `zera node`. */
export interface NodeArguments {
  /** Undefined for a socket that only this user can open. */
  readonly listen: string | undefined
  readonly curve: (CurveServer & { readonly clients: readonly string[] }) | undefined
  /** The files that have the public keys of systems. */
  readonly clients: readonly string[]
  /** The directory of the modules with all links resolved, as a URL that ends in a slash. */
  readonly root: string
  readonly maxThreads: number
}

export const HELP = `usage: zera node [options]

Lends threads to a system on this or another machine, which names it among its nodes: startSystem({ nodes: [{ name: 'a', endpoint, curve }] }). It serves one system after the other, until Ctrl-C.
Its first line says where it listens and who can connect: every system that can connect can run code as the user that runs the node.

  --listen ENDPOINT    where systems reach it. By default a socket that only its own user can open, in a folder of its own under XDG_RUNTIME_DIR, or among temporary files.
                       ipc:///path likewise: without keys only its own user and root can connect. Others must not be able to replace what lies in its folder.
                       tcp://127.0.0.1:7000 from this machine: without keys ANY USER OF THIS MACHINE can connect.
                       tcp://0.0.0.0:7000 from everywhere, with keys alone. Its threads listen on free ports of the same interface
  --keys FILE          encrypts with CURVE; FILE has the node's keys, from zera keygen, and systems need the public one. Required where other machines can reach it
  --clients FILE       lets the system with the public key in FILE in; may be given several times. On SIGHUP the node reads the files again; it cuts off a system that is no longer listed, and ends its session within two heartbeats and a second
  --root DIR           the only place of modules that a system can name (actors, containers, log sinks), as they lie under the root of the system; the working directory by default.
                       Paths are resolved, links too, and nothing but a file under DIR is imported. What such a file does itself is not limited: it may import and read what the user may
  --threads-max N      never has more than N threads of a system; by default as many as this machine has cores
  --help               this text

A session ends when its system has been silent for its own deadline, ${NODE_LIMITS.maxDeadlineMs / 60_000} minutes at most. A thread may take ${NODE_LIMITS.maxStartMs / 60_000} minutes to start, and to stop.
`

/**
 * Reads the arguments of the command.
 *
 * @throws {UsageError}
 * @throws {KeyFileError}
 * @throws {EndpointError}
 * @throws {TypeError} By `parseArgs`.
 */
export async function readNodeArguments(args: readonly string[]): Promise<NodeArguments> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      listen: { type: 'string' },
      keys: { type: 'string' },
      clients: { type: 'string', multiple: true },
      root: { type: 'string' },
      'threads-max': { type: 'string' },
    },
  })
  const { listen, keys, clients = [], root = '.' } = values
  if (listen !== undefined && parseEndpoint(listen).startsWith('inproc:'))
    throw new UsageError(`--listen ${listen} cannot be reached from other processes; use tcp or ipc`)
  if (keys === undefined && clients.length > 0)
    throw new UsageError('--clients needs --keys, the keys of the node itself')
  if (keys !== undefined && clients.length === 0)
    throw new UsageError('--keys needs --clients, for each system that may come in')
  return {
    listen,
    curve: keys === undefined ? undefined : { keys: await readKeys(keys), clients: await readClients(clients) },
    clients,
    root: directoryUrl(root),
    maxThreads: threadsMax(values['threads-max']),
  }
}

/**
 * Reads the public keys of the systems that may come in, each once.
 *
 * @throws {KeyFileError}
 */
export async function readClients(files: readonly string[]): Promise<readonly string[]> {
  return [...new Set(await Promise.all(files.map(file => readPublicKey(file))))]
}

function directoryUrl(path: string): string {
  const directory = resolve(path)
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`--root ${path} is no directory`)
  return `${pathToFileURL(realpathSync(directory)).href.replace(/\/$/, '')}/`
}

function threadsMax(text: string | undefined): number {
  if (text === undefined) return availableParallelism()
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new UsageError(`--threads-max must be a whole number from 1 on, not ${text}`)
  return Number(text)
}
