import type { SystemState } from '../model/state.js'
import type { RegisteredSystem } from '../registry/registry.js'

/** Milliseconds that a system has to answer: it does while it hangs. */
const ANSWER_MS = 5000

/**
 * Asks for the state of a system.
 *
 * @throws {Error} When it does not answer.
 */
export async function loadState({
  url,
  name,
  pid,
}: Pick<RegisteredSystem, 'url' | 'name' | 'pid'>): Promise<SystemState> {
  const { origin, searchParams } = new URL(url)
  const headers = { authorization: `Bearer ${searchParams.get('token') ?? ''}` }
  const answer = await fetch(`${origin}/api/state`, { headers, signal: AbortSignal.timeout(ANSWER_MS) }).catch(
    (error: Error) => {
      const why = error.cause instanceof Error ? error.cause : error
      throw new Error(`${name} (process ${pid}) does not answer: ${why.message}`, { cause: error })
    },
  )
  if (!answer.ok) throw new Error(`${name} (process ${pid}) answers with ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as SystemState
}
