import * as nodeModule from 'node:module'
import { expectOwnModule } from '../../base/runtime/own-module.js'
import { TYPESCRIPT_HOOKS } from '../../entry-urls.js'
import { expectDescriptors, THREAD_DESCRIPTORS } from '../../words/descriptors.js'
import { loadSync, resolveSync } from './hooks.js'
import { loaderOfMain } from './loader-of-main.js'

/** What TypeScript's types of Node 20 do not have yet. */
interface SyncHooks {
  readonly registerHooks?: (hooks: { readonly resolve: typeof resolveSync; readonly load: typeof loadSync }) => unknown
}

/** Hooks this thread's imports: those of the loader that the main thread has, where it forgets threads, and ours. */
export async function registerHooks(): Promise<void> {
  const sync = canHookHere(process.versions.node) ? (nodeModule as SyncHooks).registerHooks : undefined
  // Other hooks run in a thread of their own.
  if (sync === undefined) expectDescriptors('load TypeScript', THREAD_DESCRIPTORS)
  await loaderOfMain()?.()
  if (sync === undefined)
    nodeModule.register(expectOwnModule('@zera/core', TYPESCRIPT_HOOKS, 'TypeScript'), import.meta.url)
  else sync({ resolve: resolveSync, load: loadSync })
  // Lines of what is compiled are not those of its file.
  process.setSourceMapsEnabled(true)
}

/**
 * Whether hooks may run in the importing thread. Node has that since 22.15, but until 22.19 and 24.5 they broke the
 * names that a CommonJS module exports.
 */
export function canHookHere(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return (major === 22 && minor >= 19) || (major === 24 && minor >= 5) || major > 24
}
