import { explain } from './explain.js'
import { registerHooks } from './register-hooks.js'

let registered: Promise<void> | undefined

/**
 * Imports a module of TypeScript. The hooks come first, since Node 20 and 22 never try a module again that they could
 * not load.
 *
 * @throws {TypeScriptError} When Node does not load it, and the project has nothing that does.
 */
export async function loadTypeScript(url: string): Promise<object> {
  registered ??= registerHooks()
  await registered
  try {
    return (await import(url)) as object
  } catch (error) {
    throw explain(error, url)
  }
}
