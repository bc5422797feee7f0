import { readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os'

/** Where figures come from. */
export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memoryGib: number
  readonly system: string
  /** Exact, by name. */
  readonly versions: Readonly<Record<string, string>>
}

interface Package {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const PEERS = new Set(['comedy', 'comlink', 'nact', 'piscina', 'poolifier', 'tinypool', 'workerpool', 'xstate'])

/** Looks at this machine, and at the versions of everything that is measured. */
export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${arch()}`,
    versions: {
      node: process.versions.node,
      zeromq:
        readPackage(new URL('../../package.json', import.meta.resolve('@zera/core'))).dependencies?.['zeromq'] ??
        'unknown',
      ...peerVersions(),
    },
  }
}

/**
 * How many threads wanted to run in the last minute, on average. Above the number of cores, all that was measured has
 * waited at times.
 */
export function currentLoad(): number {
  return loadavg()[0] as number
}

/** The machine in a few lines. */
export function formatMachine({ processor, cores, memoryGib, system, versions }: Machine): string {
  const all = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `${processor}, ${cores} cores, ${memoryGib} GiB, ${system}\n${all.join(', ')}`
}

/** The versions of what is measured beside it, which are exact. */
function peerVersions(): Record<string, string> {
  const { devDependencies = {} } = readPackage(new URL('../../package.json', import.meta.url))
  return Object.fromEntries(Object.entries(devDependencies).filter(([name]) => PEERS.has(name)))
}

function readPackage(url: URL): Package {
  return JSON.parse(readFileSync(url, 'utf8')) as Package
}
