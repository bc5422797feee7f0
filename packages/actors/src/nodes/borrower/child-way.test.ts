import { createKeys, curveClient, startProcess, systemClock } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { NODE_PROCESS } from '../../entry-urls.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { runProgram } from '../../fixtures/run-program.js'
import { NodeUnreachableError } from '../../model/errors.js'
import { NODE_PROTOCOL } from '../control/control.js'
import { childTransport, findChildWay } from './child-way.js'
import { NodeSession, type SessionPartner } from './node-session.js'

describe('childTransport()', () => {
  test.each([
    ['linux', true, 'ipc'],
    ['darwin', true, 'ipc'],
    ['win32', true, 'tcp'],
    ['linux', false, 'tcp'],
  ] as const)('on %s, when ipc is wanted: %s, is %s', (platform, isIpcWanted, transport) => {
    expect(childTransport(platform, isIpcWanted)).toBe(transport)
  })
})

describe('findChildWay() over tcp', () => {
  test('tells the child a port of this machine and a public key, and no secret', () => {
    const { place, directory } = findChildWay('a', 'tcp')

    expect(place).toEqual({ endpoint: 'tcp://127.0.0.1:*', client: expect.stringMatching(/^.{40}$/) })
    expect(directory).toBeUndefined()
  })

  test('reaches the child by the key that it tells, with a key of its own', () => {
    const { publicKey: serverKey } = createKeys()
    const way = findChildWay('a', 'tcp')

    const reached = way.reach(JSON.stringify({ endpoint: 'tcp://127.0.0.1:4711', serverKey }))

    expect(reached).toMatchObject({
      endpoint: 'tcp://127.0.0.1:4711',
      security: { curveServerKey: serverKey, curvePublicKey: 'client' in way.place ? way.place.client : '' },
    })
  })
})

describe('a child over tcp', () => {
  expectNoLeaksAfterEach()

  test('answers the system that started it, and no stranger', async () => {
    const way = findChildWay('a', 'tcp')
    await using child = await startProcess(NODE_PROCESS, { name: 'a', data: way.place })
    const { endpoint, security } = way.reach(child.told)
    const stranger = curveClient({ keys: createKeys(), serverKey: security.curveServerKey as string })

    for (const other of [{}, stranger])
      await expect(open({ endpoint, security: other }, 500)).rejects.toBeInstanceOf(NodeUnreachableError)

    const session = await open({ endpoint, security }, 30_000)
    await session.close(5000)
    await session.closed()
  })
})

describe('a system without ipc', () => {
  test('has nodes and actors in processes of their own, which answer each other, die and come back', async () => {
    const nodes = ['a', 'b', 'c'].map(name => ({ name }))

    const { code, stdout, stderr } = await runProgram('programs/nodes/main-mixes-nodes', [JSON.stringify(nodes)], [], {
      ZERA_WITHOUT: 'ipc',
    })

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({ answered: 90, hosts: 6 })
  })
})

/** Opens a session as a system does. */
function open(how: Pick<SessionPartner, 'endpoint' | 'security'>, startMs: number): Promise<NodeSession> {
  const request = {
    protocol: NODE_PROTOCOL,
    system: '0'.repeat(32),
    root: undefined,
    threads: 1,
    heartbeatMs: 300,
    deadlineMs: 60_000,
  }
  const partner = { ...how, node: 'a', request, faulted: () => undefined }
  return NodeSession.open(partner, startMs, new AbortController().signal, systemClock)
}
