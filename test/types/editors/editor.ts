/** A place in a file: line and character, from 0 on. */
export interface Position {
  readonly line: number
  readonly character: number
}

/** What an editor asks of TypeScript about a place in a file. */
export interface Editor {
  /** The text that shows when the mouse is over a name. */
  hover(file: URL, position: Position): Promise<string>
  /** The lines that define a name. */
  definition(file: URL, position: Position): Promise<string[]>
  /** What is listed at a place. */
  completions(file: URL, position: Position): Promise<string[]>
  /** The lines that a rename of a name changes, in their order. */
  rename(file: URL, position: Position): Promise<string[]>
  stop(): Promise<void>
}
