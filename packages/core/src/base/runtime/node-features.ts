import nodeModule from 'node:module'
import { dirname } from 'node:path'

// What newer versions of Node bring and this package uses, each looked for by itself: on Node 20 it is not there, and everything works without it.

interface CompileCache {
  /** From Node 22.8 on. */
  getCompileCacheDir?: () => string | undefined
}

/**
 * The folder in which the program has V8 keep compiled code, by `module.enableCompileCache()`; undefined when it does
 * not, or cannot.
 *
 * Node gives it to no thread by itself. Zera never turns it on: the folder lies on the disk, and what others put there
 * is run.
 */
export function compileCacheFolder(): string | undefined {
  // Node adds a folder for its version, in a thread too.
  const folder = (nodeModule as CompileCache).getCompileCacheDir?.()
  return folder === undefined ? undefined : dirname(folder)
}
