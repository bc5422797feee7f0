import fs from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { KeyFileError } from '../base/errors/errors.js'
import { createKeys, publicKeyOf, type CurveKeys } from './keys.js'
import { cannotOpen, readTrustedFile } from './trusted-file.js'
import { decodeZ85 } from './z85.js'

/** The files of a key pair. You may give the public one to anyone. */
export interface KeyFiles {
  readonly publicFile: string
  readonly secretFile: string
}

/**
 * Makes a key pair and writes it to two files, as czmq and pyzmq do: `path` has the public key, `path_secret` has both.
 * Only the owner may read them (mode 0600). It never overwrites a file.
 *
 * On Windows they get the access list of their folder: make them in one that only you can open, such as your profile.
 *
 * @example
 *   const { secretFile } = await writeKeys('server.key')
 *   const keys = await readKeys(secretFile)
 *
 * @throws {KeyFileError} When one of the files exists, or cannot be written. It leaves no new file behind then.
 */
export async function writeKeys(path: string): Promise<KeyFiles & { readonly publicKey: string }> {
  const { publicKey, secretKey } = createKeys()
  const files: KeyFiles = { publicFile: path, secretFile: `${path}_secret` }
  await writeNew(
    files.secretFile,
    certificate('ZeroMQ CURVE secret key: keep it to yourself', { 'public-key': publicKey, 'secret-key': secretKey }),
  )
  try {
    await writeNew(
      files.publicFile,
      certificate('ZeroMQ CURVE public key: give it to your peers', { 'public-key': publicKey }),
    )
  } catch (error) {
    await fs.promises.rm(files.secretFile)
    throw error
  }
  return { ...files, publicKey }
}

/**
 * Reads a pair of keys from its secret file. On Windows it does not look at the access list of the file: keep the file
 * in a folder that only you can open.
 *
 * @throws {KeyFileError} When users other than the owner may read or write the file; when it, or a directory or link on
 *   its path, belongs to a user other than this process's and root; when others can write to such a directory and it
 *   has no sticky bit; when it is not a plain file, is larger than 8 KiB, or has no matching key pair.
 */
export async function readKeys(secretFile: string): Promise<CurveKeys> {
  const text = await readTrustedFile(secretFile, 'secret')
  const publicKey = keyIn(text, 'public-key')
  const secretKey = keyIn(text, 'secret-key')
  if (publicKey === undefined || secretKey === undefined)
    throw new KeyFileError(secretFile, 'it has no pair of keys; name the file that ends in _secret')
  if (publicKeyOf(secretKey) !== publicKey)
    throw new KeyFileError(secretFile, 'its public key is not that of its secret key; make new ones')
  return { publicKey, secretKey }
}

/**
 * Reads the public key from either file of a pair. Others may read the file but not write it, or they could put their
 * own key there.
 *
 * @throws {KeyFileError} When it has no public key, or for any reason of `readKeys`, except that others may read the
 *   file.
 */
export async function readPublicKey(path: string): Promise<string> {
  const key = keyIn(await readTrustedFile(path, 'public'), 'public-key')
  if (key === undefined) throw new KeyFileError(path, 'it has no public key; make keys with writeKeys or zera keygen')
  return key
}

async function writeNew(path: string, text: string): Promise<void> {
  let file: FileHandle
  try {
    file = await fs.promises.open(path, 'wx', 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST')
      throw new KeyFileError(
        path,
        'it is there already, and keys are never overwritten; choose another name, or remove it',
        { cause: error },
      )
    throw cannotOpen(path, error)
  }
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}

/** A certificate as czmq's zcert writes it, in the configuration language of RFC 4/ZPL. */
function certificate(title: string, keys: Readonly<Record<string, string>>): string {
  const lines = Object.entries(keys).map(([name, key]) => `    ${name} = "${key}"`)
  return [`#   ****  ${title}  ****`, 'metadata', 'curve', ...lines, ''].join('\n')
}

function keyIn(text: string, name: string): string | undefined {
  const key = new RegExp(`^\\s*${name}\\s*=\\s*["']?([^"'\\s]{40})["']?\\s*$`, 'm').exec(text)?.[1]
  return key !== undefined && decodeZ85(key) !== undefined ? key : undefined
}
