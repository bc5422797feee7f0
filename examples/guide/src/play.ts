import { interruptSignal } from '@zera/core'
import { startPlayer, type Player } from './player.js'
import type { Part } from './programs.js'
import type { Stage } from './stage.js'

/**
 * Runs programs together: starts them in order, waits until those that end by themselves have ended, and stops the
 * servers in reverse order. The first one that fails ends all, and so does Ctrl-C.
 *
 * @throws What a program threw, unless it was interrupted.
 */
export async function play(parts: readonly Part[], stage: Stage): Promise<void> {
  using interrupted = parts.some(part => part.hearsInterrupts) ? undefined : interruptSignal()
  const interruption = new Promise<void>(resolve => interrupted?.addEventListener('abort', () => resolve()))
  const players: Player[] = []

  try {
    for (const part of parts) {
      for (let number = 1; number <= (part.count ?? 1); number++) {
        const name = part.count === undefined ? part.program : `${part.program}-${number}`
        players.push(await startPlayer(part, name, part.port === undefined ? stage : { ...stage, port: part.port }))
      }
    }
    const failure = Promise.all(players.map(player => player.ended))
    const end = Promise.all(players.filter(player => !player.serves).map(player => player.ended))
    await Promise.race([interruption, failure, end])
  } finally {
    for (const player of players.toReversed()) await player.stop()
  }
  // What waited for a message when Ctrl-C came has failed, as it should.
  if (interrupted?.aborted !== true) await Promise.all(players.map(player => player.ended))
}
