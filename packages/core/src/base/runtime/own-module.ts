import { existsSync } from 'node:fs'
import { ThreadStartError } from '../errors/errors.js'

/**
 * Checks that a package runs as the ES modules that it is made of. Where a bundler has made CommonJS of it, nothing
 * tells where its other modules are.
 *
 * @param url The `import.meta.url` of one of its modules.
 */
export function expectModuleFormat(packageName: string, url: string | undefined): void {
  if (url === undefined)
    throw new Error(
      `Cannot load ${packageName}: a bundler has put it into a CommonJS file, where it cannot find its threads; keep all packages of @zera out of the bundle, as external packages`,
    )
}

/** Those that were there. They do not go. */
const found = new Set<string>()

/**
 * The address of a module of a package of Zera's with which a thread or a process begins. A bundler that puts the
 * package into a bundle does not see that it is needed, and leaves it out.
 *
 * @param packageName What has the module.
 * @param name Who begins with it.
 * @throws {ThreadStartError} When it is not there.
 */
export function expectOwnModule(packageName: string, url: URL, name: string): URL {
  if (!found.has(url.href) && !existsSync(url))
    throw new ThreadStartError(
      name,
      `${packageName} was put into a bundle without ${url.href}, with which it begins; keep all packages of @zera out of the bundle, as external packages, or emit that module as an entry of the bundle`,
    )
  found.add(url.href)
  return url
}
