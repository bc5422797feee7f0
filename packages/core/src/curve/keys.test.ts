import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KeyFileError } from '../base/errors/errors.js'
import { readKeys, readPublicKey, writeKeys } from './key-files.js'
import { createKeys, publicKeyOf } from './keys.js'
import { decodeZ85, encodeZ85 } from './z85.js'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zera-keys-'))
})

afterEach(() => rm(directory, { recursive: true }))

describe('encodeZ85()', () => {
  test('writes the example of RFC 32/Z85, which decodeZ85() reads', () => {
    const bytes = Buffer.from('864fd26fb559f75b', 'hex')

    expect(encodeZ85(bytes)).toBe('HelloWorld')
    expect(decodeZ85('HelloWorld')).toEqual(bytes)
  })

  test('writes what decodeZ85() reads', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }).filter(({ length }) => length % 4 === 0),
        bytes => {
          expect(decodeZ85(encodeZ85(bytes))).toEqual(Buffer.from(bytes))
        },
      ),
    )
  })

  test.each(['1234', '12345"', '~~~~~', '#####'])('decodeZ85() does not read %s', text => {
    expect(decodeZ85(text)).toBe(undefined)
  })
})

describe('createKeys()', () => {
  test('makes keys that belong together, each time others', () => {
    const [keys, others] = [createKeys(), createKeys()]

    expect([keys.publicKey.length, keys.secretKey.length]).toEqual([40, 40])
    expect(publicKeyOf(keys.secretKey)).toBe(keys.publicKey)
    expect(others.publicKey).not.toBe(keys.publicKey)
  })

  test('derives public keys as ZeroMQ does', () => {
    // The pair of the zmq_curve reference page.
    expect(publicKeyOf('D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs')).toBe('Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID')
  })
})

describe('writeKeys()', () => {
  test('writes two files that only the owner may read, and that are read again', async () => {
    const path = join(directory, 'server.key')

    const { publicFile, secretFile, publicKey } = await writeKeys(path)

    expect([publicFile, secretFile]).toEqual([path, `${path}_secret`])
    for (const file of [publicFile, secretFile]) expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readKeys(secretFile)).toMatchObject({ publicKey })
    expect([await readPublicKey(publicFile), await readPublicKey(secretFile)]).toEqual([publicKey, publicKey])
    expect(await readFile(publicFile, 'utf8')).not.toContain('secret-key')
  })

  test.each(['server.key', 'server.key_secret'])(
    'overwrites nothing when %s is there, and leaves nothing new',
    async name => {
      const path = join(directory, name)
      await writeFile(path, 'precious')

      await expect(writeKeys(join(directory, 'server.key'))).rejects.toMatchObject({ name: 'KeyFileError', path })

      expect(await readFile(path, 'utf8')).toBe('precious')
      await expect(stat(join(directory, name === 'server.key' ? 'server.key_secret' : 'server.key'))).rejects.toThrow(
        'ENOENT',
      )
    },
  )

  test('says where it cannot write', async () => {
    await expect(writeKeys(join(directory, 'nowhere', 'server.key'))).rejects.toBeInstanceOf(KeyFileError)
  })
})

describe('readKeys()', () => {
  test.each([0o640, 0o604, 0o620, 0o602])('refuses a file of mode %o', async mode => {
    const { secretFile } = await writeKeys(join(directory, 'server.key'))
    await chmod(secretFile, mode)

    await expect(readKeys(secretFile)).rejects.toMatchObject({ code: 'ZERA_KEY_FILE', path: secretFile })
  })

  test('refuses a file without a pair that belongs together, and never shows a secret', async () => {
    const { publicFile, secretFile } = await writeKeys(join(directory, 'server.key'))
    const { publicKey, secretKey } = await readKeys(secretFile)
    const mixed = join(directory, 'mixed')
    await writeFile(mixed, (await readFile(secretFile, 'utf8')).replace(publicKey, createKeys().publicKey), {
      mode: 0o600,
    })

    await expect(readKeys(publicFile)).rejects.toBeInstanceOf(KeyFileError)
    await expect(readKeys(join(directory, 'missing'))).rejects.toBeInstanceOf(KeyFileError)
    const refusal = await readKeys(mixed).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(KeyFileError)
    expect(String(refusal)).not.toContain(secretKey)
  })
})
