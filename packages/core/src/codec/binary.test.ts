import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copyInto, copyOut } from './binary.js'

function bytesOf(seed: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (seed + at * 31) & 0xff)
}

test('copyInto() copies what it should and nothing beside it, wherever it lies, in whatever memory', () => {
  const place = fc.record({ isShared: fc.boolean(), at: fc.nat(20) })
  const lengths = fc.oneof(fc.nat(70), fc.integer({ min: 1015, max: 1035 }), fc.integer({ min: 4090, max: 4100 }))
  fc.assert(
    fc.property(place, place, lengths, fc.nat(255), (from, to, length, seed) => {
      const memory = ({ isShared }: { isShared: boolean }): Buffer =>
        Buffer.from(isShared ? new SharedArrayBuffer(length + 50) : new ArrayBuffer(length + 50))
      const [source, target] = [memory(from).fill(1), memory(to).fill(2)]
      const bytes = bytesOf(seed, length)
      source.set(bytes, from.at)

      copyInto(target, source.subarray(from.at, from.at + length), to.at)

      const expected = Buffer.alloc(length + 50, 2)
      expected.set(bytes, to.at)
      expect(target.equals(expected)).toBe(true)
    }),
  )
})

test.each([0, 1, 1023, 1024, 100_000])('copyOut() gives %i bytes memory of their own', length => {
  const shared = new Uint8Array(new SharedArrayBuffer(length))
  shared.set(bytesOf(3, length))

  const copy = copyOut(shared)
  shared.fill(0)

  expect(copy).toBeInstanceOf(ArrayBuffer)
  expect(copy.byteLength).toBe(length)
  expect(Buffer.from(copy).equals(bytesOf(3, length))).toBe(true)
})
