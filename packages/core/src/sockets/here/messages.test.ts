import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { plugged, TRANSPORTS } from '../fixtures/plugged.js'
import { MESSAGE_LIMITS, type Sendable } from '../messages/frames.js'

expectNoLeaksAfterEach()

describe.each(TRANSPORTS)('a message over %s', transport => {
  test.each<[string, Sendable, (Buffer | string)[]]>([
    ['one frame of text', 'text', ['text']],
    ['an empty frame', '', ['']],
    ['several frames', ['a', 'b', 'c'], ['a', 'b', 'c']],
    ['empty frames between others', ['', 'a', '', 'b', ''], ['', 'a', '', 'b', '']],
    ['text beyond ASCII', ['Größe', '大きさ', '🦓'], ['Größe', '大きさ', '🦓']],
    ['text that JSON escapes', '"\\\n\u0000\u2028', ['"\\\n\u0000\u2028']],
    [
      'bytes of every value',
      Uint8Array.from({ length: 256 }, (_, value) => value),
      [Buffer.from(Array.from({ length: 256 }, (_, value) => value))],
    ],
    ['bytes next to text', [Buffer.from([0xff, 0xfe]), 'text'], [Buffer.from([0xff, 0xfe]), 'text']],
    [
      'a view of a part of its memory',
      new Uint8Array(Uint8Array.of(9, 1, 2, 3, 9).buffer, 1, 3),
      [Buffer.from([1, 2, 3])],
    ],
    [
      'the most frames that there may be',
      Array.from({ length: MESSAGE_LIMITS.maxFrames }, () => 'x'),
      Array.from({ length: MESSAGE_LIMITS.maxFrames }, () => 'x'),
    ],
  ])('with %s arrives as it was sent', async (_name, message, frames) => {
    await using pair = await plugged('PULL', 'PUSH', { transport })

    await pair.right.send(message)

    expect(await pair.left.receive()).toEqual(frames.map(frame => Buffer.from(frame as string)))
  })

  test.each([128, 129, 2047, 2048, 100_000, 5_000_000])(
    'with a frame of %d bytes arrives as it was sent',
    async sizeBytes => {
      await using pair = await plugged('PULL', 'PUSH', { transport })
      const [binary, text] = [randomBytes(sizeBytes), 'é'.repeat(sizeBytes)]

      await pair.right.send([binary, text, ''])
      const frames = await pair.left.receive()

      expect(frames[0]?.equals(binary)).toBe(true)
      expect(frames[1]?.toString() === text).toBe(true)
      expect([frames[2]?.length, frames.length]).toEqual([0, 3])
    },
  )
})

describe('socket.send()', () => {
  test.each<[string, unknown, typeof Error]>([
    ['no frames', [], RangeError],
    ['too many frames', Array.from({ length: MESSAGE_LIMITS.maxFrames + 1 }, () => 'x'), RangeError],
    ['a frame that is no text and no bytes', ['a', 7], TypeError],
    ['neither a frame nor frames', { frame: 'a' }, TypeError],
    ['nothing', undefined, TypeError],
  ])('refuses %s, and nothing of it is sent', async (_name, message, errorClass) => {
    await using pair = await plugged('PULL', 'PUSH')

    await expect(pair.right.send(message as Sendable)).rejects.toBeInstanceOf(errorClass)
    await pair.right.send('next')

    expect(String(await pair.left.receive())).toBe('next')
    expect(pair.right.statistics.sent).toBe(1)
  })

  test('refuses more bytes than a message may have', async () => {
    await using pair = await plugged('PULL', 'PUSH')
    // Memory that no thread touches costs nothing.
    const half = new Uint8Array(MESSAGE_LIMITS.maxBytes / 2 + 1)

    await expect(pair.right.send([half, half])).rejects.toBeInstanceOf(RangeError)
  })

  test('keeps the order of messages of all sizes', async () => {
    await using pair = await plugged('PULL', 'PUSH')
    const sizes = Array.from({ length: 300 }, (_, number) => (number % 7 === 0 ? 100_000 : number))

    const sent = Promise.all(sizes.map(size => pair.right.send(Buffer.alloc(size))))
    const arrived: number[] = []
    while (arrived.length < sizes.length) arrived.push((await pair.left.receive())[0]?.length ?? -1)

    await sent
    expect(arrived).toEqual(sizes)
  })
})
