import { describeDown, startThread } from '@zera/core'
import type { Part } from './programs.js'
import type { Role, Stage } from './stage.js'

/** A program that runs. */
export interface Player {
  readonly serves: boolean
  /** Settles when it has ended; rejects with what it threw. */
  readonly ended: Promise<void>
  /** Returns when it has ended, however it did. */
  stop(): Promise<unknown>
}

/** Starts a program, in a thread of its own unless it needs the main thread, and returns when it is ready. */
export async function startPlayer(part: Part, name: string, stage: Stage): Promise<Player> {
  const url = new URL(`./${part.program}.js`, import.meta.url)
  const player = part.runsInMain === true ? await startInMain(url, stage) : await startInThread(url, name, stage)
  // A later look sees the rejection all the same.
  player.ended.catch(() => undefined)
  return { ...player, serves: part.serves === true }
}

async function startInThread(url: URL, name: string, stage: Stage): Promise<Omit<Player, 'serves'>> {
  const thread = await startThread(url, { name, data: stage })
  const ended = thread.down.then(down => {
    if (down.reason !== 'stopped') throw new Error(`${name}: ${describeDown(down)}`, { cause: down.error })
  })
  return { ended, stop: () => thread.stop() }
}

async function startInMain(url: URL, stage: Stage): Promise<Omit<Player, 'serves'>> {
  const { default: run } = (await import(url.href)) as { default: (role: Role) => Promise<void> }
  const stopping = new AbortController()

  let ended = Promise.resolve()
  await new Promise<unknown>(resolve => {
    ended = run({ data: stage, stopping: stopping.signal, ready: () => resolve(undefined) })
    ended.then(resolve, resolve)
  })
  return {
    ended,
    stop: () => {
      stopping.abort()
      return Promise.allSettled([ended])
    },
  }
}
