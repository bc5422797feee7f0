import { describe, expect, test } from 'vitest'
import { EndpointError } from '../base/errors/errors.js'
import { freshEndpoint, maxSocketPathBytes, parseEndpoint } from './endpoint.js'

describe('freshEndpoint()', () => {
  test('never gives the same endpoint twice', () => {
    const endpoints = new Set(Array.from({ length: 1000 }, () => freshEndpoint('worker')))

    expect(endpoints.size).toBe(1000)
  })

  test('gives an endpoint that can be used, whatever the name', () => {
    expect(parseEndpoint(freshEndpoint('x'.repeat(10_000)))).toMatch(/^inproc:/)
    expect(parseEndpoint(freshEndpoint(''))).toMatch(/^inproc:/)
    expect(parseEndpoint(freshEndpoint('two\nlines\0'))).toMatch(/^inproc:/)
  })
})

describe('maxSocketPathBytes()', () => {
  test.each([
    ['linux', 107],
    ['win32', 107],
    ['darwin', 103],
    ['freebsd', 103],
  ] as const)('on %s is %i', (platform, bytes) => {
    expect(maxSocketPathBytes(platform)).toBe(bytes)
  })
})

describe('parseEndpoint()', () => {
  test.each([
    'inproc://a',
    'ipc:///tmp/a',
    'ipc://@abstract',
    'tcp://127.0.0.1:5555',
    'tcp://*:*',
    'tcp://[::1]:80',
    'tcp://eth0:0;host.example:65535',
    'tcp://eth0;10.0.0.1:1',
    `ipc:///${'x'.repeat(100)}`,
  ])('takes %s', text => {
    expect(parseEndpoint(text)).toBe(text)
  })

  test.each([
    '',
    'a',
    'inproc://',
    'inproc:/a',
    'INPROC://a',
    'udp://127.0.0.1:1',
    'tcp://127.0.0.1',
    'tcp://host:port',
    ` inproc://a`,
    'inproc://a\0b',
    'ipc:///tmp/a\0b',
    'tcp://127.0.0.1:1\n',
    `inproc://${'x'.repeat(256)}`,
    'tcp://127.0.0.1:99999',
    'tcp://127.0.0.1:65536',
    'tcp://:80',
    'tcp://a b:80',
    'tcp://a/b:80',
    'tcp://a:1;b:2;c:3',
    'tcp://;a:1',
    'inproc://\uD800',
    'tcp://a\nb:1',
    `ipc:///${'x'.repeat(107)}`,
    `ipc:///${'ä'.repeat(60)}`,
  ])('refuses "%s"', text => {
    let error: unknown
    try {
      parseEndpoint(text)
    } catch (thrown) {
      error = thrown
    }

    expect(error).toBeInstanceOf(EndpointError)
    expect(error).toMatchObject({ endpoint: text, code: 'ZERA_ENDPOINT' })
  })
})
