import { relative, resolve } from 'node:path'
import type { PackageManager } from '../project/package-manager.js'

/** The three commands that come next, as a shell takes them. */
export function nextSteps(folder: string, cwd: string, packageManager: PackageManager): readonly string[] {
  const [install, start, test] = ['install', 'start', 'test'].map(
    // `bun test` is a runner of its own.
    command => `${packageManager} ${packageManager === 'bun' && command !== 'install' ? 'run ' : ''}${command}`,
  ) as [string, string, string]
  const path = relative(cwd, resolve(cwd, folder))
  return path === '' ? [install, start, test] : [`cd ${quoted(path)}`, install, start]
}

function quoted(path: string): string {
  return /^[\w./\\:@-]+$/.test(path) ? path : JSON.stringify(path)
}
