import { describe, expect, test } from 'vitest'
import { EndpointError } from '../base/errors/errors.js'
import { isLocal, reachOf, type Reach } from './reach.js'

describe('reachOf()', () => {
  test.each<[Reach, string[]]>([
    ['process', ['inproc://here']],
    ['user', ['ipc:///run/socket', 'ipc://relative', 'ipc://@abstract', 'ipc://*']],
    ['machine', ['tcp://127.0.0.1:5555', 'tcp://127.1.2.3:*', 'tcp://[::1]:5555']],
    [
      'network',
      [
        // Every interface, in each form that the resolver takes.
        'tcp://*:5555',
        'tcp://0.0.0.0:5555',
        'tcp://0:5555',
        'tcp://[::]:5555',
        'tcp://0x0:5555',
        'tcp://[0:0:0:0:0:0:0:0]:*',
        // Others than loopback.
        'tcp://192.168.0.1:1',
        'tcp://eth0:1',
        'tcp://[fe80::1%eth0]:1',
        'tcp://[::ffff:10.0.0.1]:*',
        // Names, which a resolver may map elsewhere.
        'tcp://localhost:1',
        'tcp://LOCALHOST:1',
        'tcp://localhost.example.org:1',
        'tcp://lo:*',
        'tcp://127.0.0.1.example.org:1',
        'tcp://[::1].example.org:1',
        'tcp://[::1%eth0]:1',
        // Loopback in forms that are not worth telling apart from others.
        'tcp://127.1:5555',
        'tcp://127:1',
        'tcp://2130706433:1',
        'tcp://0x7f.0.0.1:1',
        'tcp://0177.0.0.1:1',
        'tcp://[::ffff:127.0.0.1]:*',
        // The address of the source in front, or behind.
        'tcp://127.0.0.1:0;10.0.0.1:5555',
        'tcp://10.0.0.1:0;127.0.0.1:5555',
        'tcp://127.0.0.1;10.0.0.1:5555',
      ],
    ],
  ])('%s: %j', (reach, endpoints) => {
    for (const endpoint of endpoints)
      expect([endpoint, reachOf(endpoint), isLocal(endpoint)]).toEqual([endpoint, reach, reach !== 'network'])
  })

  test.each([
    'pgm://eth0;239.192.1.1:5555',
    'epgm://eth0;239.192.1.1:5555',
    'norm://239.192.1.1:5555',
    'vmci://*:1',
    'vsock://*:1',
    'tipc://{1,0,0}',
    'udp://*:1',
    'ws://127.0.0.1:1',
    'wss://*:1',
    'TCP://127.0.0.1:1',
    ' tcp://127.0.0.1:1',
    'tcp://127.0.0.1:1 ',
    'tcp://127.0.0.1:1\n',
    'tcp://*:1\n127.0.0.1:1',
    'tcp://127.0.0.1:1\0',
    'ipc://\0',
    'ipc:///tmp/a\0b',
    'inproc://a\0b',
    'tcp://127.0.0.1',
    'ipc://',
  ])('refuses %j', endpoint => {
    expect(() => reachOf(endpoint)).toThrow(EndpointError)
  })
})
