import { parseArgs } from 'node:util'
import { UsageError } from '../base/errors/usage-error.js'
import { writeKeys } from '../curve/key-files.js'

export const KEYGEN_HELP = `usage: zera keygen FILE

Makes a pair of CURVE keys: FILE gets the public one, which is safe to share, FILE_secret both. Only the owner may read them. Nothing is overwritten.

  --help                    this text`

/**
 * Runs `zera keygen`. Returns what it says.
 *
 * @throws {UsageError} When it was called wrongly; so do TypeErrors of `parseArgs`.
 * @throws {KeyFileError} When there is such a file, or none can be written.
 */
export async function keygen(args: readonly string[]): Promise<string> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} })
  const [path, ...more] = positionals
  if (path === undefined || path === '' || more.length > 0)
    throw new UsageError('name one file: zera keygen server.key')
  const { publicFile, secretFile, publicKey } = await writeKeys(path)
  return `${publicFile}: the public key, ${publicKey}\n${secretFile}: the secret key, for its owner alone`
}
