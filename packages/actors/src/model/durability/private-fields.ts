import { DefinitionError } from '../errors.js'

/** Comments and texts, in which something may look like a field. */
const NO_CODE = /\/\*[\s\S]*?\*\/|\/\/.*|(["'`])(?:\\[\s\S]|(?!\1)[^\\])*\1/g
/** A declared field, with the beginning of what it is set to. */
const FIELD = /(?:^|[\s;{}])(static\s+)?#([\w$]+)\s*(?:=(?![=>])\s*([^;\n]*)|(?=[;}\n]))/g

/**
 * Refuses a durable class whose private fields would not be kept: no code outside of the class can read them. One with
 * the actor's context may be private, since it is no state.
 *
 * @throws {DefinitionError}
 */
export function expectState(
  actorClass: abstract new (...args: never[]) => object,
  url: string,
  transient: ReadonlySet<string>,
): void {
  const { name, prototype } = actorClass
  if ('onSave' in (prototype as object)) return
  const source = Function.prototype.toString.call(actorClass).replace(NO_CODE, ' ')
  const fields = [...source.matchAll(FIELD)]
    .filter(([, isStatic, , value = '']) => isStatic === undefined && !/\bactorContext\b/.test(value))
    .map(([, , field]) => `#${field}`)
    .filter(field => !transient.has(field))
  if (fields.length === 0) return
  const problem = `its state cannot be kept, since ${fields.join(', ')} ${fields.length === 1 ? 'is' : 'are'} private; take the # away, give it onSave and onLoad, or name what is no state in { durable: { transient } }`
  throw new DefinitionError(name, url, problem, undefined, `define durable actor ${name} in ${url}`)
}
