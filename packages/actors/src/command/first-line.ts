import { userInfo } from 'node:os'

/** What a node says when it listens. */
export interface Listening {
  readonly endpoint: string
  readonly maxThreads: number
  readonly root: string
  /** How many systems may come in by their keys; undefined without keys. */
  readonly clients: number | undefined
}

/** The first line of `zera node`: where it listens, what it lends, and which systems can run code on it. */
export function firstLine(listening: Listening): string {
  const { endpoint, maxThreads, root } = listening
  return `node: ${endpoint} lends ${maxThreads} threads, modules in ${root} (process ${process.pid}); ${audience(listening)}`
}

/** How many systems are on the list, in words. */
export function systemsOf(clients: number): string {
  return clients === 1 ? '1 system may come in' : `${clients} systems may come in`
}

function audience({ endpoint, clients }: Listening): string {
  const user = userName()
  if (clients !== undefined) return `encrypted: ${systemsOf(clients)}, and run code as ${user}`
  if (endpoint.startsWith('ipc:')) return `not encrypted: only ${user} and root can connect, and run code as ${user}`
  return `not encrypted: ANY USER OF THIS MACHINE can connect, and run code as ${user}`
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // It need not have a name.
    return `user ${process.geteuid?.() ?? ''}`
  }
}
