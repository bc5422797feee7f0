import { describe, expect, test } from 'vitest'
import type { PartyElsewhere } from '../../platform/platform.js'
import { remoteEnds } from './remote-ends.js'

const party = (endpoint: PartyElsewhere['endpoint'], doorKey?: string): PartyElsewhere => ({
  endpoint,
  doorKey,
  admit: () => undefined,
  dismiss: () => undefined,
})

const child = party('ipc:///tmp/child')
const [far, other] = [party('tcp://10.0.0.1:1', 'far'), party('tcp://10.0.0.2:1', 'other')]
const near = party('tcp://127.0.0.1:1')
const nearWithKey = party('ipc:///tmp/node', 'near')

describe('remoteEnds()', () => {
  test('has the host on a node bind, and that of the system connect, in memory of its own and with keys of its own', () => {
    for (const [bind, connect] of [
      remoteEnds('a', 1, far, undefined),
      remoteEnds('a', 1, undefined, far).toReversed(),
    ]) {
      expect(bind).toMatchObject({ role: 'bind', incarnation: 1 })
      expect(bind).not.toHaveProperty('ledgers')
      expect(connect).toMatchObject({
        role: 'connect',
        endpoint: 'tcp://10.0.0.1:1',
        token: bind?.token,
        doorKey: 'far',
        keys: { secretKey: expect.any(String) as string },
      })
      expect(connect).toHaveProperty('ledgers')
    }
  })

  test.each([
    ['over tcp, and a child', far, child],
    ['with a key, and one without', far, near],
    ['without a key over tcp, and a child', near, child],
    ['without a key over tcp, and one with a key on its machine', near, nearWithKey],
    ['with a key on its machine, and a child', nearWithKey, child],
  ])('of two nodes, one that is reached %s, has the first bind, whichever asks', (_what, binder, connects) => {
    const [first, second] = [remoteEnds('a', 1, binder, connects), remoteEnds('a', 1, connects, binder)]

    expect(first.map(({ role }) => role)).toEqual(['bind', 'connect'])
    expect(second.map(({ role }) => role)).toEqual(['connect', 'bind'])
    expect(second[0]).toMatchObject({ endpoint: binder.endpoint })
    expect(second[0].doorKey).toBe(binder.doorKey)
  })

  test('gives two nodes terms without any secret key', () => {
    for (const ends of [remoteEnds('a', 1, far, other), remoteEnds('a', 1, far, child)])
      for (const end of ends) expect(end).not.toHaveProperty('keys')
  })
})
