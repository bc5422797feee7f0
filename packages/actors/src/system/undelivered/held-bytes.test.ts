import { describe, expect, test } from 'vitest'
import { MailboxFullError } from '../../model/errors.js'
import { BoundRef, type RefHost } from '../../model/refs/bound-ref.js'
import { refusing } from '../../model/refused-message.js'
import { heldBytes } from './held-bytes.js'

/** The error of a message with a text. */
function refusedError(text: string): Error {
  const ref = new BoundRef({} as RefHost, { host: 1, id: 16, name: '', url: '', definition: '' })
  return refusing(new MailboxFullError('/a', 'its mailbox is full'), ref, 'add', [text])
}

describe('heldBytes()', () => {
  test.each<[string, unknown, number]>([
    ['a text', 'x'.repeat(10_000), 20_000],
    ['bytes', new Uint8Array(10_000), 10_000],
    ['a buffer', new ArrayBuffer(10_000), 10_000],
    ['many numbers', Array.from({ length: 1000 }, () => 1), 16_000],
    ['objects in maps and sets', new Map([['a', new Set([{ text: 'x'.repeat(10_000) }])]]), 20_000],
    ['the error of a refused message', { cause: refusedError('x'.repeat(10_000)) }, 20_000],
    ['an error', new Error('x'.repeat(10_000)), 20_000],
  ])('counts what %s takes', (_what, value, about) => {
    const bytes = heldBytes([value])

    expect(bytes).toBeGreaterThanOrEqual(about)
    expect(bytes).toBeLessThan(3 * about)
  })

  test('counts what goes in circles, reads no getter, and stops when there is enough', () => {
    const circle: unknown[] = ['x'.repeat(1000)]
    circle.push(circle, circle)
    const odd = {
      get boom(): never {
        throw new Error('read')
      },
    }
    const blind = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no')
        },
      },
    )

    expect(heldBytes([circle, odd, blind])).toBeLessThan(3000)
    expect(
      heldBytes(
        Array.from({ length: 100_000 }, () => ['x'.repeat(1000)]),
        10_000,
      ),
    ).toBeLessThan(2_000_000)
  })
})
