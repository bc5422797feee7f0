import type { Outside } from '../outside.js'

/** A table of what works outside of the repository. */
export interface Matrix {
  /** Its name on the command line, and the folder of its tools. */
  readonly name: string
  readonly title: string
  readonly cells: readonly Cell[]
}

/** One program in one set-up. */
export interface Cell {
  readonly row: string
  readonly column: string
  /** Whether `npm test` runs it too. */
  readonly isShort: boolean
  /**
   * Resolves with what the table says: `ok`, or what the user reads where it cannot work.
   *
   * @throws When anything is not as it should be.
   */
  run(outside: Outside): Promise<string>
}
