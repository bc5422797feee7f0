/** Where the modules of a program lie, in the system's process and on a node: two directories, as URLs that end in a slash. */
export interface ModuleRoots {
  readonly system: string
  readonly node: string
}

let roots: ModuleRoots | undefined

/** Says in a thread of a node where modules lie. From then on addresses that travel are the system's. */
export function setModuleRoots(given: ModuleRoots): void {
  roots = given
}

/** The address by which the system knows a module of this thread. One outside of the root keeps its own. */
export function systemUrl(url: string): string {
  return roots === undefined || !url.startsWith(roots.node) ? url : roots.system + url.slice(roots.node.length)
}

/** The address in this thread of a module that the system knows; undefined when it lies outside of the root, so that nobody can say where it is here. */
export function localUrl(url: string, given: ModuleRoots | undefined = roots): string | undefined {
  if (given === undefined || !url.startsWith('file:')) return url
  return url.startsWith(given.system) ? given.node + url.slice(given.system.length) : undefined
}
