import { parseArgs } from 'node:util'
import { writeKeys } from '@zera/core'
import { UsageError, type Subcommand } from '../subcommand.js'

/** `zera-device keygen` */
export const keygenCommand: Subcommand = {
  summary: 'writes a pair of CURVE keys',
  help: `usage: zera-device keygen FILE

Makes a pair of CURVE keys: FILE gets the public one, which is safe to share, FILE_secret both. Only the owner may read them. Nothing is overwritten.

  --help                    this text`,
  start: async args => {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} })
    const [path, ...more] = positionals
    if (path === undefined || path === '' || more.length > 0)
      throw new UsageError('name one file: zera-device keygen server.key')
    const { publicFile, secretFile, publicKey } = await writeKeys(path)
    console.log(`${publicFile}: the public key, ${publicKey}\n${secretFile}: the secret key, for its owner alone`)
    return undefined
  },
}
