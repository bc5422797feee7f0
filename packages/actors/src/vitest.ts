/**
 * Zera under Vitest. Threads load the modules of their actors themselves, with the project's compiler and the `paths`
 * of its tsconfig.json. What they cannot know are the aliases of Vite's configuration; this plugin hands those on.
 *
 * @module
 */
import { VITE_ALIASES, type ViteAliases } from '@zera/core/internal'

/** What the plugin reads of Vite's configuration. */
interface ResolvedConfig {
  readonly root: string
  readonly resolve: {
    readonly alias: readonly { readonly find: string | RegExp; readonly replacement: string }[]
  }
}

/**
 * Makes the plugin of Vite, for `plugins` in `vitest.config.ts`. It needs no options.
 *
 * It writes the aliases into the environment variable `ZERA_VITE_ALIASES`, which test processes and their threads
 * inherit; `startSystem({ env })` without it hides them. Aliases with a resolver of their own, plugins and what they
 * transform stay with Vite.
 *
 * @example
 *   import zera from '@zera/actors/vitest'
 *   import { defineConfig } from 'vitest/config'
 *
 *   export default defineConfig({ plugins: [zera()], resolve: { alias: { '@': import.meta.dirname + '/src' } } })
 */
export default function zera(): { name: string; configResolved(config: ResolvedConfig): void } {
  return {
    name: 'zera',
    configResolved({ root, resolve }) {
      const aliases = resolve.alias
        // Those of Vite itself have no file behind them.
        .filter(({ find }) => typeof find === 'string' || !String(find).includes('@vite'))
        .map(({ find, replacement }) => ({
          find: typeof find === 'string' ? find : { source: find.source, flags: find.flags },
          replacement,
        }))
      const known = JSON.parse(process.env[VITE_ALIASES] ?? '{}') as ViteAliases
      process.env[VITE_ALIASES] = JSON.stringify({ ...known, [root]: aliases })
    },
  }
}
