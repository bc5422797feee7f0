import { createKeys } from '@zera/core'
import { CurveRequiredError, EndpointError } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { checkNodes, type HeartbeatOptions, type NodeOptions } from './node-options.js'

const curve = { keys: createKeys(), serverKey: createKeys().publicKey }

describe('checkNodes()', () => {
  test('takes children, and nodes elsewhere, with keys or on this machine', () => {
    const nodes = [
      { name: 'a' },
      { name: 'b', endpoint: 'ipc:///tmp/b' },
      { name: 'c', endpoint: 'tcp://127.0.0.1:7000', threads: 1024 },
      { name: 'd', endpoint: 'tcp://10.0.0.5:7000', curve },
    ]

    expect(() => checkNodes(nodes, { heartbeatMs: 10, deadlineMs: 20 })).not.toThrow()
  })

  test.each<[string, NodeOptions[], HeartbeatOptions, new (...args: never[]) => Error]>([
    ['no name', [{ name: '' }], {}, TypeError],
    ['the name of another', [{ name: 'a' }, { name: 'a' }], {}, TypeError],
    ['no threads', [{ name: 'a', threads: 0 }], {}, RangeError],
    ['half a thread', [{ name: 'a', threads: 1.5 }], {}, RangeError],
    ['an endpoint that is none', [{ name: 'a', endpoint: 'rhubarb' }], {}, EndpointError],
    ['an endpoint within this process', [{ name: 'a', endpoint: 'inproc://a' }], {}, TypeError],
    ['an endpoint that others can listen to', [{ name: 'a', endpoint: 'tcp://10.0.0.5:7000' }], {}, CurveRequiredError],
    ['keys for a child', [{ name: 'a', curve }], {}, TypeError],
    ['no time between heartbeats', [{ name: 'a' }], { heartbeatMs: 0 }, RangeError],
    ['a deadline for one heartbeat', [{ name: 'a' }], { heartbeatMs: 1000, deadlineMs: 1500 }, RangeError],
    ['no deadline', [{ name: 'a' }], { deadlineMs: Infinity }, RangeError],
    ['a deadline that no node would agree to', [{ name: 'a' }], { deadlineMs: 600_001 }, RangeError],
    [
      'heartbeats that are too rare for a node',
      [{ name: 'a' }],
      { heartbeatMs: 60_001, deadlineMs: 200_000 },
      RangeError,
    ],
    ['a time that is none', [{ name: 'a' }], { heartbeatMs: Number.NaN }, RangeError],
  ])('refuses %s', (_what, nodes, heartbeat, kind) => {
    expect(() => checkNodes(nodes, heartbeat)).toThrow(kind)
  })

  test.each(['startMs', 'stopMs'])('refuses a %s that a node elsewhere would refuse', name => {
    const elsewhere = [{ name: 'a', endpoint: 'ipc:///tmp/a' }]

    expect(() => checkNodes(elsewhere, {}, { [name]: 600_000 })).not.toThrow()
    expect(() => checkNodes(elsewhere, {}, { [name]: 600_001 })).toThrow(RangeError)
    expect(() => checkNodes([{ name: 'a' }], {}, { [name]: Infinity })).not.toThrow()
  })
})
