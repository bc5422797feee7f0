import type { Endpoint } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { threadEndpoint } from './thread-endpoint.js'

describe('threadEndpoint()', () => {
  test.each<[Endpoint, Endpoint, Endpoint]>([
    ['tcp://0.0.0.0:4711', 'tcp://10.0.0.5:7000', 'tcp://10.0.0.5:4711'],
    ['tcp://[::1]:4711', 'tcp://[::1]:7000', 'tcp://[::1]:4711'],
    ['ipc:///run/node.0123abcd.1000001.2', 'ipc:///run/node', 'ipc:///run/node.0123abcd.1000001.2'],
  ])('of %s at %s is %s', (said, node, reached) => {
    expect(threadEndpoint(said, node)).toBe(reached)
  })

  test.each<[Endpoint, Endpoint]>([
    ['tcp://0.0.0.0:0', 'tcp://10.0.0.5:7000'],
    ['tcp://0.0.0.0:65536', 'tcp://10.0.0.5:7000'],
    ['tcp://0.0.0.0:*', 'tcp://10.0.0.5:7000'],
    ['ipc:///run/node.0123abcd.1000001.2', 'tcp://10.0.0.5:7000'],
    ['tcp://0.0.0.0:4711', 'ipc:///run/node'],
    [`ipc:///${'x'.repeat(107)}`, 'ipc:///run/node'],
  ])('of %s at %s is none', (said, node) => {
    expect(threadEndpoint(said, node)).toBeUndefined()
  })
})
