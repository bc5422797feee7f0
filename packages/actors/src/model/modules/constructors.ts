import { DefinitionError } from '../errors.js'
import { hasMetadata } from './lazy-metadata.js'

type AnyClass = abstract new (...args: never[]) => object

/**
 * Whether a container makes the instances of a class. TypeScript leaves the types of the parameters on a class that has
 * any decorator; one that extends it inherits them.
 */
export function isInjected(actorClass: AnyClass): boolean {
  return hasMetadata('design:paramtypes', actorClass)
}

/**
 * Refuses a class that would be made without what its constructor takes. The compiler cannot: a decorator does not
 * change the type of its class.
 *
 * @throws {DefinitionError}
 */
export function expectConstructible(actorClass: AnyClass, url: string): void {
  const { length, name } = actorClass
  if (length === 0 || isInjected(actorClass)) return
  const problem =
    `its constructor has ${length === 1 ? 'a parameter' : `${length} parameters`}, and gets no arguments; ` +
    'take them as the props of onStart, or give each a default value; ' +
    'if they are to be injected, the class needs a decorator such as @injectable() of tsyringe, and the compiler experimentalDecorators and emitDecoratorMetadata'
  throw new DefinitionError(name, url, problem, undefined, `define actor ${name} in ${url}`)
}
