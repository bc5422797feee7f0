import { readdir, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '@zera/core/internal'
import { isPrivateFolder } from './private-folder.js'

/**
 * Milliseconds for which a folder is left alone when something was made in it: a socket is there for a moment before it
 * listens.
 */
const FRESH_MS = 5_000
/** Milliseconds after which a folder without a socket counts as abandoned: a process that makes one binds in it at once. */
const EMPTY_MS = 3_600_000

/**
 * Removes folders for sockets whose processes were killed: private ones of this user in which no process listens any
 * more. A listening socket shows that its process lives; no other process can listen there by chance. Folders that
 * cannot be removed stay.
 */
export async function removeStaleFolders(parent: string, prefix: string): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  await Promise.all(
    names.filter(name => name.startsWith(prefix)).map(name => removeIfStale(join(parent, name)).catch(() => undefined)),
  )
}

async function removeIfStale(folder: string): Promise<void> {
  if (!isPrivateFolder(folder)) return
  const entries = await readdir(folder, { withFileTypes: true })
  const sockets = entries.filter(entry => entry.isSocket())
  const ageMs = systemClock.epochMs() - (await stat(folder)).mtimeMs
  if (ageMs < (sockets.length === 0 ? EMPTY_MS : FRESH_MS)) return
  const answers = await Promise.all(sockets.map(({ name }) => isAnswered(join(folder, name))))
  if (!answers.includes(true)) await rm(folder, { recursive: true, force: true })
}

/** Whether a process listens there, or may do so. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    const settle = (isAlive: boolean): void => {
      socket.destroy()
      resolve(isAlive)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', ({ code }: NodeJS.ErrnoException) => settle(code !== 'ECONNREFUSED' && code !== 'ENOENT'))
  })
}
