import { startProcess, type DetachedProcess, type Endpoint } from '@zera/core'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NodeUnreachableError } from '../errors.js'

/** How a child is started. */
export interface ChildOptions {
  /** The name of the process. */
  readonly name: string
  /** The name of the node. */
  readonly node: string
  readonly startMs: number
  /** Aborts when nobody wants it any more. */
  readonly signal: AbortSignal
  /** Its limit, in MiB of resident memory. */
  readonly maxRssMb?: number | undefined
}

/** A node that is a child of the system's own process. */
export interface ChildNode {
  readonly process: DetachedProcess
  /** Where it is reached. */
  readonly endpoint: Endpoint
  /** Aborts when it has ended, with a NodeUnreachableError. */
  readonly gone: AbortSignal
  /** Resolves when it has ended and nothing is left of it. */
  readonly cleared: Promise<void>
  /** Kills it and clears up, at the end of this process, where nothing can be waited for. */
  endNow(): void
}

/** Starts one. @throws {ThreadStartError} When it does not become ready; nothing is left of it then. */
export async function startChildNode({ name, node, startMs, signal, maxRssMb }: ChildOptions): Promise<ChildNode> {
  // Nobody else can look into it.
  const directory = await mkdtemp(join(tmpdir(), 'zera-node-'))
  const clear = (): Promise<void> => rm(directory, { recursive: true, force: true })
  const endpoint = `ipc://${directory}/node` as Endpoint
  try {
    const url = new URL('./node-process.js', import.meta.url)
    const process = await startProcess(url, { name, startMs, signal, data: { endpoint, directory }, ...(maxRssMb === undefined ? {} : { maxRssMb }) })
    const gone = new AbortController()
    const cleared = process.down.then(({ exitCode, error }) => {
      gone.abort(new NodeUnreachableError(node, endpoint, `its process has ended (${process.end?.signal ?? `exit code ${exitCode}`})`, { cause: error }))
      // One that was killed leaves it behind.
      return clear()
    })
    return {
      process, endpoint, cleared,
      gone: gone.signal,
      endNow: () => {
        process.killNow()
        rmSync(directory, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await clear()
    throw error
  }
}
