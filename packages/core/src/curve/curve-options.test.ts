import { describe, expect, test } from 'vitest'
import { createKeys } from './keys.js'
import { curveClient, secureServer, type CurveClient, type CurveServer } from './server-security.js'

const keys = createKeys()

describe('curve', () => {
  test.each<[string, unknown]>([
    ['a word that is not none', 'nome'],
    ['no keys', { clients: 'any' }],
    ['half of the keys', { keys: { publicKey: keys.publicKey }, clients: 'any' }],
    ['no clients', { keys }],
    ['a word for the clients that is not any', { keys, clients: 'all' }],
  ])('of a server is refused with %s', async (_what, curve) => {
    await expect(secureServer('listen', [], curve as CurveServer)).rejects.toThrow(TypeError)
  })

  test.each<[string, unknown]>([
    ['no keys', { serverKey: keys.publicKey }],
    ['half of the keys', { keys: { secretKey: keys.secretKey }, serverKey: keys.publicKey }],
  ])('of a client is refused with %s', (_what, curve) => {
    expect(() => curveClient(curve as CurveClient)).toThrow(TypeError)
  })
})
