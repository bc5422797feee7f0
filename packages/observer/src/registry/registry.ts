import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isPrivateFolder } from '@zera/actors/internal'

/** An observed system of this user on this machine. */
export interface RegisteredSystem {
  readonly pid: number
  readonly name: string
  /** Its page, with the token that opens it. */
  readonly url: string
}

const OWNER_ONLY = 0o600
const FOLDER_OF_OWNER = 0o700

/**
 * The folder in which the observed systems of this user are: where the session has its own files, or with the temporary
 * ones.
 */
export function registryFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment['XDG_RUNTIME_DIR'] ?? tmpdir(), `zera-observed-${process.geteuid?.() ?? 'user'}`)
}

/**
 * Says where a system is shown, to the commands of the same user. Returns the function that takes it back.
 *
 * Undefined where others could read it, or put something else there: then only the address itself leads to the page.
 */
export function register(system: RegisteredSystem, folder = registryFolder()): (() => void) | undefined {
  try {
    mkdirSync(folder, { mode: FOLDER_OF_OWNER })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return undefined
  }
  try {
    if (!isPrivateFolder(folder)) return undefined
    const file = join(folder, `${system.pid}-${randomBytes(4).toString('hex')}.json`)
    writeFileSync(file, JSON.stringify(system), { flag: 'wx', mode: OWNER_ONLY })
    return () => rmSync(file, { force: true })
  } catch {
    return undefined
  }
}

/** All observed systems of this user whose processes live. What dead ones have left is removed. */
export function registeredSystems(folder = registryFolder()): RegisteredSystem[] {
  if (!isPrivateFolder(folder)) return []
  return readdirSync(folder).flatMap(name => {
    const file = join(folder, name)
    const system = read(file)
    if (system !== undefined && isAlive(system.pid)) return [system]
    rmSync(file, { force: true })
    return []
  })
}

function read(file: string): RegisteredSystem | undefined {
  try {
    const { pid, name, url } = JSON.parse(readFileSync(file, 'utf8')) as Partial<RegisteredSystem>
    return typeof pid === 'number' && typeof name === 'string' && typeof url === 'string'
      ? { pid, name, url }
      : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
