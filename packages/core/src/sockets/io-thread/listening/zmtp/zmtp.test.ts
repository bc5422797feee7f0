import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { command, greeting, zmtpFrame } from '../fixtures/raw-client.js'
import { firstFrame, mayBeGreeting, readCommand, routingIdIn } from './zmtp.js'

describe('mayBeGreeting()', () => {
  test.each(['NULL', 'CURVE'] as const)('takes each beginning of a greeting with %s', mechanism => {
    const whole = greeting(mechanism)

    expect(Array.from({ length: 65 }, (_, bytes) => mayBeGreeting(whole.subarray(0, bytes), mechanism))).not.toContain(
      false,
    )
  })

  test.each([
    ['another mechanism', greeting('PLAIN')],
    ['a mechanism that only begins so', greeting('NULLS')],
    ['ZMTP 2', Buffer.from([...greeting('NULL').subarray(0, 10), 1])],
    ['ZMTP 1, a frame without a signature', Buffer.from([1, 0])],
    ['no signature', Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0])],
    ['HTTP', Buffer.from('GET / HTTP/1.1')],
  ])('does not take %s', (_name, bytes) => {
    expect(mayBeGreeting(bytes, 'NULL')).toBe(false)
  })
})

describe('firstFrame()', () => {
  test('reads what is whole, and waits for what is not', () => {
    const bytes = zmtpFrame(4, Buffer.alloc(300, 1)).subarray(0, 308)

    expect(firstFrame(bytes)).toBe(undefined)
    expect(firstFrame(zmtpFrame(4, Buffer.alloc(300, 1)))).toMatchObject({ flags: 6, sizeBytes: 309 })
  })
})

describe('routingIdIn()', () => {
  test('reads the identity of a READY, or that there is none', () => {
    const ready = (properties: Record<string, string>): string | undefined =>
      routingIdIn(readCommand(command('READY', properties).subarray(2))?.rest ?? Buffer.alloc(0))

    expect([ready({ 'Socket-Type': 'DEALER', Identity: 'me' }), ready({ 'Socket-Type': 'DEALER' })]).toEqual(['me', ''])
    // Whichever of two ZeroMQ takes, the other one is not looked at.
    expect([ready({ Identity: '\0abcd' }), ready({ Identity: 'me', identity: 'you' })]).toEqual([undefined, undefined])
  })

  test('reads any bytes without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        expect(['string', 'undefined']).toContain(typeof routingIdIn(Buffer.from(bytes)))
      }),
    )
  })
})
