import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { command, greeting, zmtpFrame } from '../fixtures/raw-client.js'
import { Handshake, HANDSHAKE_BYTES, type HandshakeStep } from './handshake.js'

const HELLO = zmtpFrame(4, Buffer.concat([Buffer.from('\x05HELLO'), Buffer.alloc(194)]))
const INITIATE = zmtpFrame(4, Buffer.concat([Buffer.from('\x08INITIATE'), Buffer.alloc(300, 9)]))

/** What a handshake lets through of bytes that come one by one, and how it ends. */
function drip(
  handshake: Handshake,
  bytes: Buffer,
): { readonly forwarded: Buffer; readonly last: HandshakeStep | string | undefined } {
  const forwarded: Buffer[] = []
  for (let at = 0; at < bytes.length; at++) {
    const step = handshake.take(bytes.subarray(at, at + 1))
    if (typeof step === 'string') return { forwarded: Buffer.concat(forwarded), last: step }
    forwarded.push(step.forward)
    if (step.proof !== undefined || step.routingId !== undefined)
      return { forwarded: Buffer.concat(forwarded), last: step }
  }
  return { forwarded: Buffer.concat(forwarded), last: undefined }
}

describe('Handshake.take()', () => {
  test('NULL: is complete with READY, which says the routing id, and has what came behind it', () => {
    const shaken = Buffer.concat([greeting('NULL'), command('READY', { 'Socket-Type': 'REQ', Identity: 'me' })])

    expect(new Handshake('NULL').take(Buffer.concat([shaken, Buffer.from('more')]))).toEqual({
      forward: shaken,
      routingId: 'me',
      rest: Buffer.from('more'),
    })
    expect(drip(new Handshake('NULL'), shaken)).toMatchObject({ forwarded: shaken, last: { routingId: 'me' } })
  })

  test('CURVE: keeps the proof back until it is its turn', () => {
    const { forwarded, last } = drip(new Handshake('CURVE'), Buffer.concat([greeting('CURVE'), HELLO, INITIATE]))

    expect(forwarded).toEqual(Buffer.concat([greeting('CURVE'), HELLO]))
    expect(last).toMatchObject({ proof: INITIATE })
  })

  test('PLAIN: keeps back what follows the password until that is right', () => {
    const hello = zmtpFrame(4, Buffer.from('\x05HELLO\x04anna\x06secret'))
    const initiate = command('INITIATE', { 'Socket-Type': 'DEALER', Identity: 'me' })
    const { forwarded, last } = drip(new Handshake('PLAIN'), Buffer.concat([greeting('PLAIN'), hello, initiate]))

    expect([forwarded, last]).toMatchObject([Buffer.concat([greeting('PLAIN'), hello]), { proof: initiate }])
    expect(drip(new Handshake('PLAIN'), Buffer.concat([greeting('PLAIN'), initiate])).last).toBe('malformed')
  })

  test('says how far it is', () => {
    const handshake = new Handshake('CURVE')
    const stages = [
      Buffer.alloc(0),
      greeting('CURVE').subarray(0, 10),
      greeting('CURVE').subarray(10),
      HELLO,
      INITIATE,
    ].map(bytes => {
      handshake.take(bytes)
      return handshake.stage
    })

    expect(stages).toEqual(['silent', 'greeting', 'greeted', 'greeted', 'proving'])
  })

  test.each([
    ['NULL', 'a message before READY', zmtpFrame(0, Buffer.from('hello'))],
    ['NULL', 'another command', command('PING', {})],
    ['NULL', 'a READY that cannot be read', zmtpFrame(4, Buffer.from('\x05READY\x05abc'))],
    ['CURVE', 'a proof without a hello', INITIATE],
    ['CURVE', 'two hellos', Buffer.concat([HELLO, HELLO])],
    ['CURVE', 'a hello of another size', zmtpFrame(4, Buffer.from('\x05HELLO'))],
    ['CURVE', 'a message', zmtpFrame(0, Buffer.from('\x07MESSAGE'))],
  ] as const)('%s: does not take %s', (mechanism, _name, bytes) => {
    expect(drip(new Handshake(mechanism), Buffer.concat([greeting(mechanism), bytes])).last).toBe('malformed')
  })

  test.each([
    ['many bytes', HANDSHAKE_BYTES + 1],
    ['a command without an end', 2 ** 32],
  ])('keeps no more than a little of %s', (_name, length) => {
    const header = Buffer.alloc(9)
    header[0] = 6
    header.writeBigUInt64BE(BigInt(length), 1)
    const handshake = new Handshake('NULL')
    handshake.take(greeting('NULL'))

    expect(handshake.take(Buffer.concat([header, Buffer.alloc(HANDSHAKE_BYTES)]))).toBe('malformed')
  })

  test('takes any bytes without a throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('NULL' as const, 'CURVE' as const),
        fc.uint8Array({ maxLength: 60 }),
        (mechanism, bytes) => {
          const handshake = new Handshake(mechanism)
          handshake.take(greeting(mechanism))
          handshake.take(Buffer.from(bytes))
        },
      ),
    )
  })
})
