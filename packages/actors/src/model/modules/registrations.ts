import { isDeepStrictEqual } from 'node:util'

/** Something that a module defines, and the class or function from which it does. */
interface Registration<T> {
  readonly maker: unknown
  readonly value: T
}

/**
 * What the modules of this thread have defined. A definition needs no export: importing its module registers it.
 *
 * A second definition under one address and name is one of three things. Where the module is evaluated again, by a test
 * runner or because a bundler has it twice, both are good, and later lookups find the later one. Where the same class
 * is defined twice alike, there is one definition. Otherwise no other thread could tell the two apart, so it is
 * refused. What is defined in one synchronous run belongs to one evaluation.
 */
export class Registrations<T> {
  readonly #latest = new Map<string, T>()
  readonly #run = new Map<string, Registration<T>>()

  /** @param what What is defined, as `actor`, for the text of errors. */
  constructor(private readonly what: string) {}

  /**
   * Adds a definition. Returns it, or the one that there is already.
   *
   * @throws {TypeError} When the module defines something else under the name.
   */
  add(url: string, name: string, maker: unknown, value: T): T {
    const key = keyOf(url, name)
    const earlier = this.#run.get(key)
    if (earlier !== undefined) {
      if (earlier.maker === maker && isDeepStrictEqual(earlier.value, value)) return earlier.value
      const difference = earlier.maker === maker ? ' with other options' : ''
      throw new TypeError(
        `Cannot define ${this.what} ${name}: it is defined twice in ${url}${difference}; pass { name } to one of them, so that threads can tell them apart`,
      )
    }
    // A promise, since what else runs things later may be a test's.
    if (this.#run.size === 0) void Promise.resolve().then(() => this.#run.clear())
    this.#run.set(key, { maker, value })
    this.#latest.set(key, value)
    return value
  }

  find(url: string, name: string): T | undefined {
    return this.#latest.get(keyOf(url, name))
  }

  /** The names of what a module has defined. */
  namesIn(url: string): readonly string[] {
    const prefix = keyOf(url, '')
    return [...this.#latest.keys()].filter(key => key.startsWith(prefix)).map(key => key.slice(prefix.length))
  }
}

/** Why a module has no definition of a name, and what to do about it. */
export function notDefined(by: 'defineActor' | 'defineJob', names: readonly string[]): string {
  return names.length === 0
    ? `its module calls no ${by} while it is evaluated; call it at the top level of the module whose address it gets`
    : `its module defines ${names.join(', ')}; where a minifier renames, pass { name } to ${by}`
}

/** A line break stands in no URL and in no name. */
function keyOf(url: string, name: string): string {
  return `${url}\n${name}`
}
