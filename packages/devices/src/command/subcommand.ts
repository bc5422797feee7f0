import type { Service } from '@zera/core'

/** What the command runs until it has to stop. */
export interface Running {
  readonly service: Service
  /** What it is and where, in a line: `queue: tcp://127.0.0.1:5559 to tcp://127.0.0.1:5560`. */
  readonly title: string
  /** Which peers can reach it unencrypted, if any can: the end of the same line. */
  readonly exposure?: string | undefined
  /** A line about the last `elapsedMs` milliseconds, which is about a second. */
  line(elapsedMs: number): Promise<string>
  pause(): Promise<void>
  resume(): Promise<void>
  /**
   * What it does at SIGHUP, one after the other. Resolves with a line about it; when it rejects, everything is as it
   * was. Without it SIGHUP ends the process.
   */
  readonly reload?: (() => Promise<string>) | undefined
}

/** One word that may follow `zera device`. */
export interface Subcommand {
  /** Its purpose, in a line of `zera device --help`. */
  readonly summary: string
  /** Its own help: usage, what it does, each option. */
  readonly help: string
  /**
   * Does what it is for. Resolves with what runs until it is stopped; with undefined when it is done.
   *
   * @param args What follows its name.
   * @throws {UsageError} When it was called wrongly; parseArgs' own TypeErrors count as that.
   */
  start(args: readonly string[]): Promise<Running | undefined>
}
