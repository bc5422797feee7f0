import { UsageError } from '@zera/core/internal'
import { registeredSystems, type RegisteredSystem } from '../registry/registry.js'

/**
 * The observed system that is meant: the only one there is, or the one with a name or a process number.
 *
 * @throws {UsageError} When there is none, or there are several.
 */
export function findSystem(wanted: string | undefined, systems = registeredSystems()): RegisteredSystem {
  const found = systems.filter(({ name, pid }) => wanted === undefined || name === wanted || String(pid) === wanted)
  const [first, ...others] = found
  if (first !== undefined && others.length === 0) return first
  const there = systems.map(({ name, pid }) => `  ${name} (process ${pid})`).join('\n')
  if (systems.length === 0)
    throw new UsageError('no system of this user is observed; start one with startSystem({ observer: true })')
  if (first === undefined) throw new UsageError(`no observed system is ${JSON.stringify(wanted)}; there are\n${there}`)
  throw new UsageError(`which system is meant? Name one, or its process:\n${there}`)
}
