import { emitKeypressEvents } from 'node:readline'
import { realTimers } from '@zera/core/internal'
import type { RegisteredSystem } from '../registry/registry.js'
import { loadState } from './load-state.js'
import { renderTop, SORTS, type SortKey } from './render-top.js'

const EVERY_MS = 1000
const DEFAULT_COLUMNS = 120
const DEFAULT_ROWS = 40
/** The other screen of a terminal, without a cursor; and back. */
const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const HOME_AND_CLEAR = '\u001b[H\u001b[J'

/** Shows a system in the terminal until `q` or Ctrl-C, or once where there is no terminal. */
export async function runTop(system: RegisteredSystem): Promise<void> {
  if (!process.stdout.isTTY || !process.stdin.isTTY) {
    console.log(renderTop(await loadState(system), 'l', DEFAULT_COLUMNS, DEFAULT_ROWS))
    return
  }
  let sort: SortKey = 'l'
  const draw = async (): Promise<void> => {
    const state = await loadState(system)
    const { columns, rows } = process.stdout
    process.stdout.write(`${HOME_AND_CLEAR}${renderTop(state, sort, columns, rows)}`)
  }
  process.stdout.write(ENTER)
  emitKeypressEvents(process.stdin)
  process.stdin.setRawMode(true)
  try {
    await new Promise<void>((resolve, reject) => {
      const redraw = (): void => void draw().catch(reject)
      const timer = realTimers.setInterval(redraw, EVERY_MS)
      const stop = (): void => {
        realTimers.clearInterval(timer)
        resolve()
      }
      process.stdin.on('keypress', (_text: string, { name = '', ctrl = false }: { name?: string; ctrl?: boolean }) => {
        if (name === 'q' || (ctrl && name === 'c')) stop()
        else if (name in SORTS) {
          sort = name as SortKey
          redraw()
        }
      })
      redraw()
    })
  } finally {
    process.stdin.setRawMode(false)
    process.stdin.pause()
    process.stdout.write(LEAVE)
  }
}
