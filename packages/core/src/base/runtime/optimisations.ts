/** What makes Zera fast and could be left out; nothing else depends on any of it. */
const OPTIMISATIONS = ['rows', 'batches', 'blocks', 'spin', 'lazy', 'ipc', 'rehearsal', 'memory'] as const

export type Optimisation = (typeof OPTIMISATIONS)[number]

/**
 * Which optimisations are on in this process: all, but those that the environment variable `ZERA_WITHOUT` names, as
 * `ZERA_WITHOUT=rows,spin`. To find out whether one is to blame for something, or what it is worth.
 *
 * - `rows`: messages of one shape travel as rows of one flat array.
 * - `batches`: other messages are taken apart together, and not written as a text each. It needs `blocks`.
 * - `blocks`: what is large travels in shared memory, and not as text.
 * - `spin`: a thread whose last waits were short looks for a ring before it sleeps.
 * - `lazy`: a thread that runs code is not woken; it looks for rings when that has run.
 * - `ipc`: processes that a system starts talk to it over ipc, where the platform has that, and not over tcp with CURVE.
 * - `rehearsal`: a spare thread hosts an actor of its own before it is ready.
 * - `memory`: a thread that receives large bytes has the allocator keep freed memory for the next ones.
 */
export const optimisations: Readonly<Record<Optimisation, boolean>> = readOptimisations(process.env['ZERA_WITHOUT'])

/**
 * Reads what to do without.
 *
 * @throws {RangeError} When a word is no optimisation.
 */
export function readOptimisations(without = ''): Record<Optimisation, boolean> {
  const words = without.split(',').filter(word => word !== '')
  const unknown = words.find(word => !OPTIMISATIONS.some(optimisation => optimisation === word))
  if (unknown !== undefined)
    throw new RangeError(
      `Cannot do without "${unknown}": ZERA_WITHOUT takes ${OPTIMISATIONS.join(', ')}, with commas between them`,
    )
  return Object.fromEntries(OPTIMISATIONS.map(each => [each, !words.includes(each)])) as Record<Optimisation, boolean>
}
