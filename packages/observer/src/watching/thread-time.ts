import { readFileSync } from 'node:fs'

/** Ticks of the operating system's accounts, in a second: a constant of Linux's interface. */
const TICKS = 100
/** The fields of `utime` and `stime` in `/proc/…/stat`, counted behind the name, which may have spaces. */
const USER = 11
const SYSTEM = 12

/**
 * The processor time that a thread of this process has had, in seconds, whatever that thread is doing; undefined where
 * the operating system does not tell, or the thread has ended.
 */
export function threadSeconds(osThread: number | undefined): number | undefined {
  if (osThread === undefined) return undefined
  try {
    return secondsIn(readFileSync(`/proc/self/task/${osThread}/stat`, 'utf8'))
  } catch {
    return undefined
  }
}

/** Of a line of `/proc/…/stat`. */
export function secondsIn(line: string): number | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[USER]) + Number(fields[SYSTEM])
  return Number.isNaN(ticks) ? undefined : ticks / TICKS
}
