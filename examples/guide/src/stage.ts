import { once } from 'node:events'
import type { AttachedThread, Frames, ReceivingSocket } from '@zera/core'

/** What a program knows of the run that it is part of. */
export interface Stage {
  /** Every endpoint is this and a port of the guide. */
  readonly base: string
  /** Whether the other programs run too, so that the outcome is known. Alone, a program may talk to any others. */
  readonly isWhole: boolean
  /** A port instead of the one in the guide. */
  readonly port?: number
  /** How many workers there are, when they are known. */
  readonly workers?: number
  /** The memory of a barrier for the workers and the ventilator. */
  readonly barrier?: SharedArrayBuffer
}

/** What a program uses of its thread, so that it can also run in the main thread. */
export type Role = Pick<AttachedThread, 'data' | 'ready' | 'stopping'>

/** The stage of a program. */
export function stageOf(role: Role): Stage {
  return role.data as Stage
}

/** The endpoint that the guide gives a port, as it is in this run. */
export function endpoint(role: Role, port: number): string {
  return `${stageOf(role).base}${port}`
}

/** Resolves when the program has to stop. */
export function stopped({ stopping }: Role): Promise<unknown> {
  return stopping.aborted ? Promise.resolve() : once(stopping, 'abort')
}

/** Yields what a socket receives, until the signal aborts. */
export async function* received(socket: ReceivingSocket, signal: AbortSignal): AsyncGenerator<Frames, void, void> {
  for (;;) {
    try {
      yield await socket.receive({ signal })
    } catch (error) {
      if (signal.aborted) return
      throw error
    }
  }
}
