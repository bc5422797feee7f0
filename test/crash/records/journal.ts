import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { LaneName } from './truth.js'

/** What was written down of one message. */
export interface JournalEntry {
  readonly lane: LaneName
  readonly number: number
  /** Whether what its handler sent on was accepted. */
  readonly isSentOn: boolean
}

/**
 * What a receiver in another process writes down, in a file: it survives both, and each line is there when the write
 * returns.
 */
export class Journal {
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, 'a')
  }

  /** A handler has begun. */
  handle(lane: LaneName, number: number): void {
    writeSync(this.#file, `handle ${lane} ${number}\n`)
  }

  /** What it sends on was accepted. */
  sentOn(lane: LaneName, number: number): void {
    writeSync(this.#file, `sent-on ${lane} ${number}\n`)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** The messages whose handlers have begun, in that order: one that was handled twice is there twice. */
export function readJournal(path: string): readonly JournalEntry[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  const sentOn = new Set(lines.filter(line => line.startsWith('sent-on ')).map(line => line.slice('sent-on '.length)))
  return lines.flatMap(line => {
    const [what, lane, number] = line.split(' ')
    return what === 'handle'
      ? [{ lane: lane as LaneName, number: Number(number), isSentOn: sentOn.has(`${lane} ${number}`) }]
      : []
  })
}

/** The messages that were handled more than once. */
export function handledAgain(entries: readonly JournalEntry[]): readonly string[] {
  const seen = new Set<string>()
  return entries.map(({ lane, number }) => `${lane} ${number}`).filter(name => seen.size === seen.add(name).size)
}
