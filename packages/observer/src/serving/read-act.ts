import type { ControlAct } from '@zera/actors/internal'
import { RequestError } from './server.js'

/** The numbers that each act takes. */
const NUMBERS = {
  kill: ['host'],
  restart: ['actor'],
  stop: ['actor'],
  drain: ['pool'],
  resize: ['pool', 'min', 'max'],
  replay: ['letter'],
} as const satisfies Record<ControlAct['act'], readonly string[]>

/**
 * Reads what shall be done.
 *
 * @throws {RequestError} When it is nothing that can be done.
 */
export function readAct(body: unknown): ControlAct {
  const given = Object(body) as Record<string, unknown>
  const acts = Object.keys(NUMBERS)
  const act = acts.find(each => each === given['act']) as ControlAct['act'] | undefined
  if (act === undefined) throw new RequestError(`there is no such act: there are ${acts.join(', ')}`)
  const numbers = NUMBERS[act].map(name => {
    const value = given[name]
    if (!Number.isSafeInteger(value)) throw new RequestError(`${act} needs a whole number as its ${name}`)
    return [name, value] as const
  })
  return { act, ...Object.fromEntries(numbers) } as ControlAct
}
