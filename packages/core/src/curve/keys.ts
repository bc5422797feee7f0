import type * as Crypto from 'node:crypto'
import { decodeZ85, encodeZ85 } from './z85.js'

/** A pair of CURVE keys, each 40 characters of Z85. The secret one never leaves its owner; the public one is its name. */
export interface CurveKeys {
  readonly publicKey: string
  readonly secretKey: string
}

/** What stands before the 32 bytes of an X25519 secret key in PKCS #8, and of a public one in SPKI. */
const SECRET_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')
const PUBLIC_PREFIX_BYTES = 12

/**
 * Makes a new pair of keys, for a server or for a client.
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
 * The public key that belongs to a secret one.
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

/** Whether something can be a key: 40 characters of Z85. */
export function isCurveKey(text: unknown): text is string {
  return typeof text === 'string' && text.length === 40 && decodeZ85(text) !== undefined
}

/** Loaded when it is wanted: every thread imports this module, and it is 4 ms of its start. */
function nodeCrypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto')
}

/**
 * The 32 bytes of a key. The text is named by its kind alone in the error: it may be secret.
 *
 * @throws {RangeError} When
 * it is no key.
 */
export function keyBytes(kind: 'public' | 'secret', text: string): Buffer {
  const bytes = isCurveKey(text) ? decodeZ85(text) : undefined
  if (bytes === undefined)
    throw new RangeError(
      `Cannot use the ${kind} key: it must be 40 characters of Z85; make keys with createKeys or zera-device keygen`,
    )
  return bytes
}
