import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EnvelopeError } from '../../base/errors/errors.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { plugged, texts } from '../fixtures/plugged.js'
import { unwrapRequest, wrapReply } from './request-envelope.js'

expectNoLeaksAfterEach()

const frame = fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes))
const address = fc.uint8Array({ minLength: 1, maxLength: 8 }).map(bytes => Buffer.from(bytes))

describe('unwrapRequest()', () => {
  test('is the reverse of wrapReply()', () => {
    fc.assert(
      fc.property(fc.array(address), fc.array(frame), (addresses, body) => {
        expect(unwrapRequest(wrapReply(addresses, body))).toEqual({ addresses, body })
      }),
    )
  })

  test('refuses what has no empty frame, and gives it back', () => {
    fc.assert(
      fc.property(fc.array(address), frames => {
        expect(() => unwrapRequest(frames)).toThrow(
          expect.objectContaining({ name: 'EnvelopeError', code: 'ZERA_ENVELOPE', frames }),
        )
      }),
    )
    expect(() => unwrapRequest(['no delimiter'])).toThrow(EnvelopeError)
  })

  test('opens what a REQ sends to a ROUTER, whose wrapped reply the REQ receives', async () => {
    await using pair = await plugged('ROUTER', 'REQ', { transport: 'inproc' })
    await pair.right.send(['Hello', ''])

    const { addresses, body } = unwrapRequest(await pair.left.receive())
    await pair.left.send(wrapReply(addresses, ['World']))

    expect([addresses.length, texts([...body])]).toEqual([1, ['Hello', '']])
    expect(texts(await pair.right.receive())).toEqual(['World'])
  })
})
