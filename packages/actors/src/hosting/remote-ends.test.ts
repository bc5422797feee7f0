import { describe, expect, test } from 'vitest'
import { remoteEnds } from './remote-ends.js'
import type { PartyElsewhere } from './switchboard.js'

const SYSTEM_KEYS = { curvePublicKey: 'system', curveSecretKey: 'secret' }

/** A host on a node, which writes down whom it lets in. */
function party(endpoint: PartyElsewhere['endpoint'], publicKey?: string): PartyElsewhere & { readonly admitted: string[] } {
  const admitted: string[] = []
  const security = publicKey === undefined ? {} : { ...SYSTEM_KEYS, curveServerKey: publicKey }
  return { endpoint, security, publicKey, admit: key => void admitted.push(key), admitted }
}

const child = party('ipc:///tmp/child')

describe('remoteEnds()', () => {
  test('has the host on a node bind, and that of the system connect with its keys, in memory of its own', () => {
    const far = party('tcp://10.0.0.1:1', 'far')

    for (const [bind, connect] of [remoteEnds('a', 1, far, undefined), remoteEnds('a', 1, undefined, far).toReversed()]) {
      expect(bind).toMatchObject({ role: 'bind', incarnation: 1, security: {} })
      expect(bind).not.toHaveProperty('ledgers')
      expect(connect).toMatchObject({ role: 'connect', endpoint: 'tcp://10.0.0.1:1', token: bind?.token, security: { ...SYSTEM_KEYS, curveServerKey: 'far' } })
      expect(connect).toHaveProperty('ledgers')
    }
    expect(far.admitted).toEqual([])
  })

  test('has the one of two nodes bind that can be reached over tcp, and a child connect with the keys of the system', () => {
    const far = party('tcp://10.0.0.1:1', 'far')

    const [first, second] = [remoteEnds('a', 1, far, child), remoteEnds('a', 1, child, far)]

    expect(first.map(({ role }) => role)).toEqual(['bind', 'connect'])
    expect(second.map(({ role }) => role)).toEqual(['connect', 'bind'])
    expect(second[0].security).toEqual({ ...SYSTEM_KEYS, curveServerKey: 'far' })
  })

  test('lets a node with keys of its own in by these, and gives it no secret of the system', () => {
    const [a, b] = [party('tcp://10.0.0.1:1', 'a'), party('tcp://10.0.0.2:1', 'b')]

    const [connect, bind] = remoteEnds('a', 1, a, b)

    expect([bind.role, connect.security]).toEqual(['bind', { curveServerKey: 'b' }])
    expect([a.admitted, b.admitted]).toEqual([[], ['a']])
  })
})
