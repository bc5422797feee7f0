import { didYouMean } from '@zera/core/internal'
import { isReserved } from '../definition.js'

/** A class may have any number of methods; a text has not. */
const MOST_NAMES = 30
const LONGEST_TEXT = 1000

/** Why an actor cannot handle a message for a method that it does not have, in words, with what was probably meant. */
export function unknownMethod(actor: object | undefined, method: string): string {
  if (isReserved(method))
    return 'no message calls it, as Zera itself does or every object has it; give the method another name'
  const names = methodNames(actor)
  const value = (actor as Readonly<Record<string, unknown>> | undefined)?.[method]
  const problem =
    value === undefined
      ? `it has no such method; it has ${names.slice(0, MOST_NAMES).join(', ') || 'none'}${names.length > MOST_NAMES ? ', …' : ''}${didYouMean(method, names)}`
      : `${method} is a field that holds no function (${value === null ? 'null' : typeof value}); write it as a method`
  return problem.slice(0, LONGEST_TEXT)
}

/** The methods that an actor can be sent, those in fields, too. It runs no accessor. */
function methodNames(actor: object | undefined): string[] {
  const names = new Set<string>()
  for (let owner = actor; owner !== undefined && owner !== null && owner !== Object.prototype;) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner)))
      if (typeof value === 'function' && !isReserved(name)) names.add(name)
    owner = Object.getPrototypeOf(owner) as object
  }
  return [...names]
}
