import type * as Crypto from 'node:crypto'
import { expectOptions, optionNames } from '../base/values/options/known-options.js'
import { decodeZ85, encodeZ85 } from './z85.js'

/** A CURVE key pair, each key 40 characters of Z85. The secret key never leaves its owner; the public key is its name. */
export interface CurveKeys {
  readonly publicKey: string
  readonly secretKey: string
}

const KEYS = optionNames<CurveKeys>({ publicKey: true, secretKey: true })
/** The prefix of the 32 bytes of an X25519 secret key in PKCS #8, and of a public key in SPKI. */
const SECRET_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')
const PUBLIC_PREFIX_BYTES = 12

/**
 * Makes a new key pair, for a server or for a client.
 *
 * @see writeKeys
 */
export function createKeys(): CurveKeys {
  const { generateKeyPairSync } = nodeCrypto()
  const { privateKey } = generateKeyPairSync('x25519')
  const secretKey = encodeZ85(privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(SECRET_PREFIX.length))
  return { publicKey: publicKeyOf(secretKey), secretKey }
}

/**
 * The public key that belongs to a secret key.
 *
 * @throws {RangeError} When it is no key.
 */
export function publicKeyOf(secretKey: string): string {
  const { createPrivateKey, createPublicKey } = nodeCrypto()
  const key = createPrivateKey({
    key: Buffer.concat([SECRET_PREFIX, keyBytes('secret', secretKey)]),
    format: 'der',
    type: 'pkcs8',
  })
  return encodeZ85(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX_BYTES))
}

/** @throws {TypeError} When it is no pair of keys: it lacks one, or has anything else. */
export function expectKeyPair(action: string, keys: CurveKeys): void {
  expectOptions(`${action}: keys`, keys, KEYS)
  for (const name of KEYS.keys())
    if (typeof keys[name as keyof CurveKeys] !== 'string')
      throw new TypeError(`Cannot ${action}: keys.${name} is missing; pass what createKeys or readKeys gave`)
}

/** Whether something can be a key: 40 characters of Z85. */
export function isCurveKey(text: unknown): text is string {
  return typeof text === 'string' && text.length === 40 && decodeZ85(text) !== undefined
}

/** Loaded on demand: every thread imports this module, and loading it takes 4 ms of the start. */
function nodeCrypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto')
}

/**
 * The 32 bytes of a key. The error names only the kind of the text, since the text may be secret.
 *
 * @throws {RangeError} When
 * it is no key.
 */
export function keyBytes(kind: 'public' | 'secret', text: string): Buffer {
  const bytes = isCurveKey(text) ? decodeZ85(text) : undefined
  if (bytes === undefined)
    throw new RangeError(
      `Cannot use the ${kind} key: it must be 40 characters of Z85; make keys with createKeys or zera keygen`,
    )
  return bytes
}
