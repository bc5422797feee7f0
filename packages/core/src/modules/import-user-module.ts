import { isMainThread } from 'node:worker_threads'

/**
 * Imports a module of a user. If it is TypeScript that this thread cannot load by itself, as its process can or as its
 * test runner does, hooks of Zera's step in. What is JavaScript pays one look at its address. Where there is no `x.js`,
 * but an `x.ts` beside, it is that: a program that runs uncompiled may name what it is compiled to.
 *
 * @throws {TypeScriptError} When Node does not load it, and the project has nothing that does.
 */
export async function importUserModule(url: string): Promise<object> {
  if (!isTypeScript(url)) return importJavaScript(url)
  if (isMainThread && !isInVitest()) return (await import(url)) as object
  // Few programs run as TypeScript, and all of them read what this module imports.
  const { loadTypeScript } = await import('./typescript/load-typescript.js')
  return loadTypeScript(url)
}

async function importJavaScript(url: string): Promise<object> {
  try {
    return (await import(url)) as object
  } catch (error) {
    if ((error as NodeJS.ErrnoException | undefined)?.code !== 'ERR_MODULE_NOT_FOUND') throw error
    const { fileBehind } = await import('./typescript/other-file.js')
    const behind = fileBehind(url, url)
    if (behind === undefined || !isTypeScript(behind)) throw error
    return importUserModule(behind)
  }
}

/** Whether the address of a module says that it is TypeScript. */
export function isTypeScript(url: string): boolean {
  return /\.[cm]?tsx?(?:[?#]|$)/.test(url)
}

/**
 * The main thread has the loader of its user, which no hook of ours may change. Vitest alone has none there for what is
 * not imported by a test.
 */
function isInVitest(): boolean {
  return process.env['VITEST'] !== undefined
}
