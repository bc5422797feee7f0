import { execFile } from 'node:child_process'
import { chmod, chown, lchown, mkdir, mkdtemp, rm, symlink, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KeyFileError } from '../base/errors/errors.js'
import { ANOTHER, canRunAsOthers, linesAs, STRANGER } from '../fixtures/other-user.js'
import { readKeys, readPublicKey, writeKeys } from './key-files.js'
import { readTrustedFile } from './trusted-file.js'

const run = promisify(execFile)
const isUnix = process.geteuid !== undefined
const isRoot = process.geteuid?.() === 0
const PROGRAM = fileURLToPath(new URL('../fixtures/programs/reads-keys.js', import.meta.url))

let directory: string
let publicFile: string
let secretFile: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zera-trust-'))
  ;({ publicFile, secretFile } = await writeKeys(join(directory, 'server.key')))
})

afterEach(() => rm(directory, { recursive: true }))

/** What becomes of both files. */
async function outcomes(publicPath = publicFile, secretPath = secretFile): Promise<unknown[]> {
  const read = await Promise.allSettled([readPublicKey(publicPath), readKeys(secretPath)])
  return read.map(outcome => (outcome.status === 'fulfilled' ? 'ok' : (outcome.reason as KeyFileError).code))
}

const REFUSED = ['ZERA_KEY_FILE', 'ZERA_KEY_FILE']
const OK = ['ok', 'ok']

describe.runIf(isUnix)('readKeys() and readPublicKey()', () => {
  test.each([
    [0o644, 'ok'],
    [0o664, 'ZERA_KEY_FILE'],
    [0o646, 'ZERA_KEY_FILE'],
  ])('a public file of mode %o: %s', async (mode, outcome) => {
    await chmod(publicFile, mode)

    expect((await outcomes())[0]).toBe(outcome)
  })

  test.each([
    [0o755, OK],
    [0o775, REFUSED],
    [0o757, REFUSED],
    [0o1777, OK],
  ])('files in a directory of mode %o: %j', async (mode, expected) => {
    await chmod(directory, mode)

    expect(await outcomes()).toEqual(expected)
  })

  test('refuse files below a directory that others can write to', async () => {
    const deep = join(directory, 'open', 'deep')
    await mkdir(deep, { recursive: true })
    await chmod(join(directory, 'open'), 0o777)
    const { publicFile: there, secretFile: secret } = await writeKeys(join(deep, 'server.key'))

    expect(await outcomes(there, secret)).toEqual(REFUSED)
  })

  test('refuse files that a link leads to in a directory that others can write to, and links that lie in one', async () => {
    const bad = join(directory, 'open')
    await mkdir(bad)
    const inside = await writeKeys(join(bad, 'server.key'))
    const [linkToBad, linkInBad, linkDirectory, linkToGood] = [
      join(directory, 'to-bad'),
      join(bad, 'link'),
      join(directory, 'directory'),
      join(directory, 'to-good'),
    ]
    await symlink(inside.publicFile, linkToBad)
    await symlink(publicFile, linkInBad)
    await symlink(bad, linkDirectory)
    await symlink('server.key', linkToGood)
    await chmod(bad, 0o777)

    for (const path of [linkToBad, linkInBad, join(linkDirectory, 'server.key')])
      await expect(readPublicKey(path)).rejects.toBeInstanceOf(KeyFileError)
    expect(await outcomes(linkToGood)).toEqual(OK)
  })

  test('refuse links that go in circles', async () => {
    await symlink('b', join(directory, 'a'))
    await symlink('a', join(directory, 'b'))

    await expect(readPublicKey(join(directory, 'a'))).rejects.toBeInstanceOf(KeyFileError)
  })

  test('refuse at once what is no plain file', async () => {
    const pipe = join(directory, 'pipe_secret')
    await run('mkfifo', ['-m', '600', pipe])

    for (const path of [pipe, directory, '/dev/zero', '/dev/tty']) expect(await outcomes(path, path)).toEqual(REFUSED)
  })

  test('refuse a file of more than 8 KiB, however large', async () => {
    await truncate(publicFile, 8192)
    await truncate(secretFile, 8193)
    expect(await outcomes()).toEqual(['ok', 'ZERA_KEY_FILE'])

    await truncate(secretFile, 2 ** 40)
    expect((await outcomes())[1]).toBe('ZERA_KEY_FILE')
  })

  test.runIf(process.platform === 'linux')(
    'read no more than that of a file that has more than it says, as one that grows',
    async () => {
      // What proc has says that it is empty.
      await expect(readTrustedFile('/proc/self/smaps', 'public')).rejects.toBeInstanceOf(KeyFileError)
    },
  )
})

describe.runIf(isRoot)('readKeys() and readPublicKey() with other users around', () => {
  test('refuse files of another user, in whatever mode', async () => {
    await chown(publicFile, STRANGER, STRANGER)
    await chown(secretFile, STRANGER, STRANGER)

    expect(await outcomes()).toEqual(REFUSED)
  })

  test('refuse files in a directory of another user, and behind a link of another user', async () => {
    const link = join(directory, 'link')
    await symlink(publicFile, link)
    await lchown(link, STRANGER, STRANGER)

    expect(await outcomes(link)).toEqual(['ZERA_KEY_FILE', 'ok'])

    await chown(directory, STRANGER, STRANGER)
    expect(await outcomes()).toEqual(REFUSED)
  })

  test.runIf(canRunAsOthers(PROGRAM))(
    'read files of root and of their own user as any user, and no others',
    async () => {
      const [own, foreign] = [join(directory, 'own'), join(directory, 'foreign')]
      for (const path of [own, foreign]) {
        await mkdir(path)
        const files = await writeKeys(join(path, 'server.key'))
        for (const file of [files.publicFile, files.secretFile, path])
          await chown(file, path === own ? STRANGER : ANOTHER, STRANGER)
        await chmod(files.publicFile, 0o644)
        await chmod(path, 0o755)
      }
      await chmod(publicFile, 0o644)
      await chmod(directory, 0o755)

      const paths = [publicFile, join(own, 'server.key'), join(own, 'server.key_secret'), join(foreign, 'server.key')]

      expect(await linesAs(STRANGER, PROGRAM, paths)).toEqual(['ok', 'ok', 'ok', 'ZERA_KEY_FILE'])
    },
  )
})

describe('readTrustedFile() without a user, as on Windows', () => {
  test('reads a secret file whatever its mode, which is 0666 there', async () => {
    await chmod(secretFile, 0o666)
    await chmod(directory, 0o777)

    expect(await readTrustedFile(secretFile, 'secret', 'none')).toContain('secret-key')
  })

  test('still refuses what is no file of keys', async () => {
    await truncate(secretFile, 8193)

    for (const path of [secretFile, directory, join(directory, 'missing')])
      await expect(readTrustedFile(path, 'secret', 'none')).rejects.toBeInstanceOf(KeyFileError)
  })
})
