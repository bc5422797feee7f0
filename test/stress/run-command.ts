/** A command that a person runs by hand. */
export interface Command<O extends { readonly help: boolean }> {
  readonly name: string
  readonly helpText: string
  /**
   * Reads its options.
   *
   * @throws {Error} When they make no sense, with what would.
   */
  readonly read: () => O
  /** Returns the exit code: 1 for a finding. */
  readonly run: (options: O) => Promise<number>
}

/** Runs a command, or says what it does. A wrong call is an exit code of 2. */
export async function runCommand<O extends { readonly help: boolean }>({
  name,
  helpText,
  read,
  run,
}: Command<O>): Promise<void> {
  let options: O
  try {
    options = read()
  } catch (error) {
    console.error(`${name}: ${(error as Error).message}; see --help`)
    process.exitCode = 2
    return
  }
  if (options.help) console.log(helpText)
  else process.exitCode = await run(options)
}
