import { parseArgs } from 'node:util'
import { UsageError } from './usage-error.js'

export const HELP = `usage: npm create zera@latest [FOLDER]

Makes a TypeScript project with Zera in a new or empty folder: an actor, a pool, an HTTP server that asks them, a test, and a Dockerfile.
The last part of FOLDER is the name of the project. Without FOLDER it asks for one.

  --help    this text

pnpm create zera, yarn create zera and bun create zera do the same.
`

/** The folder that the caller names; undefined without one. */
export function readFolder(args: readonly string[]): string | undefined {
  const { positionals } = parse(args)
  if (positionals.length > 1)
    throw new UsageError(`One folder is enough, and here are ${positionals.length}: ${positionals.join(', ')}`)
  return positionals[0]
}

function parse(args: readonly string[]): { readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], options: {}, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error })
  }
}
