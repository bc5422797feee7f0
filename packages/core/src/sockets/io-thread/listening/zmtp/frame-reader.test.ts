import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { zmtpFrame } from '../fixtures/raw-client.js'
import { FrameReader } from './frame-reader.js'

/** What a reader says of bytes that come in pieces. */
function read(
  pieces: readonly Buffer[],
  maxBytes = Infinity,
): { frames: [flags: number, length: number, passed: number][]; fault: string | undefined; whole: number } {
  const frames: [number, number, number][] = []
  let whole = 0
  const reader = new FrameReader({
    begun: (flags, length) => {
      frames.push([flags, length, 0])
      return length > maxBytes ? 'oversize' : undefined
    },
    passed: bytes => ((frames.at(-1) as number[])[2] = ((frames.at(-1) as number[])[2] as number) + bytes),
    ended: () => (whole += 1),
  })
  let fault: string | undefined
  for (const piece of pieces) fault ??= reader.take(piece)
  return { frames, fault, whole }
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = []
  let at = 0
  for (const size of sizes) pieces.push(bytes.subarray(at, (at += size)))
  return [...pieces, bytes.subarray(at)]
}

describe('FrameReader.take()', () => {
  test('finds the frames, however their bytes are cut', () => {
    const frame = fc.record({
      flags: fc.constantFrom(0, 1, 4),
      length: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 250, max: 400 })),
    })
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 300 })), (frames, sizes) => {
        const bytes = Buffer.concat(frames.map(({ flags, length }) => zmtpFrame(flags, Buffer.alloc(length, 7))))

        const { frames: found, fault, whole } = read(cut(bytes, sizes))

        expect(found).toEqual(frames.map(({ flags, length }) => [length > 255 ? flags | 2 : flags, length, length]))
        expect({ fault, whole }).toEqual({ fault: undefined, whole: frames.length })
      }),
    )
  })

  test('ends before the body of a frame that is too large, whatever length is declared', () => {
    const header = Buffer.from([3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])

    for (const sizes of [[], [1, 1, 1, 1, 1, 1, 1, 1]])
      expect(read(cut(header, sizes), 1000)).toMatchObject({ fault: 'oversize', whole: 0 })
  })

  test.each([5, 8, 0x40, 0xff])('does not take the flags %i', flags => {
    expect(read([Buffer.from([flags, 0, 0, 0, 0, 0, 0, 0, 1])]).fault).toBe('malformed')
  })

  test('reads any bytes without a throw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 30 })),
        pieces =>
          void read(
            pieces.map(piece => Buffer.from(piece)),
            100,
          ),
      ),
    )
  })
})
