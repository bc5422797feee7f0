import { MessageChannel } from 'node:worker_threads'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Handover } from '../meeting/handover.js'
import { BlockBorrower, BlockLender, type Block, type BlockHandle } from './blocks.js'

const MEBIBYTE = 1024 * 1024
const POOL = 32

function bytes(sizeBytes: number, seed: number): Buffer {
  return Buffer.alloc(
    sizeBytes,
    Uint8Array.from({ length: 251 }, (_, at) => (at * 31 + seed) % 251),
  )
}

describe('blocks', () => {
  let near: Handover
  let far: Handover
  let lender: BlockLender
  let borrower: BlockBorrower

  beforeEach(() => {
    const { port1, port2 } = new MessageChannel()
    near = new Handover()
    far = new Handover()
    near.open(port1)
    far.open(port2)
    lender = new BlockLender(near)
    borrower = new BlockBorrower(far)
  })

  afterEach(() => {
    near.close()
    far.close()
  })

  /** Takes a block, and fills it. */
  function lend(sizeBytes: number, seed = 1): BlockHandle {
    const { handle, space } = lender.take(sizeBytes)
    space.bytes.set(bytes(sizeBytes, seed), space.offset)
    return JSON.parse(handle) as BlockHandle
  }

  /** So many bytes of a block that was found. */
  function bytesIn(handle: BlockHandle, sizeBytes: number): Uint8Array {
    const { bytes: all, offset } = borrower.find(handle)
    return all.subarray(offset, offset + sizeBytes)
  }

  const release = (): void => lender.release(lender.takeLent() as readonly Block[])

  test.each([0, 1, 1024, 2048, 4096, 4097, 65_537, MEBIBYTE, MEBIBYTE + 1, 3 * MEBIBYTE])(
    'carry %d bytes',
    sizeBytes => {
      const handles = [lend(sizeBytes, 7), lend(sizeBytes, 8)]

      const found = handles.map(handle => Buffer.from(bytesIn(handle, sizeBytes)))

      expect(found.map((each, at) => Buffer.compare(each, bytes(sizeBytes, 7 + at)))).toEqual([0, 0])
    },
  )

  test('are seen as bytes, doubles and integers from their beginning on', () => {
    const { handle, space } = (lender.take(1000), lender.take(1000))
    space.doubles.set([1.5], space.offset / 8)
    space.integers.set([7], space.offset / 4 + 2)

    const found = borrower.find(JSON.parse(handle) as BlockHandle)

    expect(found.offset).toBeGreaterThan(0)
    expect([
      found.doubles[found.offset / 8],
      found.integers[found.offset / 4 + 2],
      found.bytes[found.offset + 8],
    ]).toEqual([1.5, 7, 7])
  })

  test('BlockLender.take() uses a released block of the size again', () => {
    const first = lend(5000)
    release()

    const again = lend(5100)
    const larger = lend(9000)

    expect(again).toEqual(first)
    expect(larger).not.toEqual(first)
  })

  test('BlockLender.take() gives no block twice while it is taken', () => {
    const handles = Array.from({ length: 500 }, () => lend(1024))

    expect(new Set(handles.map(([, ticket, offset]) => `${ticket} ${offset}`)).size).toBe(500)
  })

  test('BlockLender.take() hands memory over once, for many small blocks', () => {
    const tickets = new Set(Array.from({ length: 64 }, () => lend(1024)[1]))

    expect(tickets.size).toBe(1)
  })

  test('BlockBorrower.find() finds out of order', () => {
    const handles = [1, 2, 3].map(seed => lend(3000, seed))

    const found = handles.toReversed().map(handle => bytesIn(handle, 1)[0])

    expect(found).toEqual([3, 2, 1])
  })

  test('BlockLender.takeLent() gives each block to one message', () => {
    lend(3000)
    lend(3000)

    const lent = [lender.takeLent()?.length, lender.takeLent()]

    expect(lent).toEqual([2, undefined])
  })

  test('what does not fit into the pool travels in blocks of its own, which are not kept', () => {
    const handles = Array.from({ length: POOL + 2 }, () => lend(MEBIBYTE))
    for (const handle of handles) borrower.find(handle)

    release()
    const again = new Set(Array.from({ length: POOL }, () => lend(MEBIBYTE)[1]))

    expect(handles.slice(POOL).map(([slab]) => slab)).toEqual([0, 0])
    expect(again).toEqual(new Set(handles.slice(0, POOL).map(([, ticket]) => ticket)))
    expect(() => borrower.find(handles[POOL] as BlockHandle)).toThrow(Error)
  })

  test('blocks of one size give up what is free to those of another, and what is in use stays', () => {
    const kept = lend(2 * MEBIBYTE, 5)
    const keptBlocks = lender.takeLent() as readonly Block[]
    const many = Array.from({ length: 15 }, (_, at) => lend(2 * MEBIBYTE, at))
    for (const handle of many) borrower.find(handle)
    release()

    const others = Array.from({ length: 6 }, (_, at) => lend(5 * MEBIBYTE, at))

    expect(others.map(([slab]) => slab > 0)).toEqual([true, true, true, true, true, true])
    expect(others.map((handle, at) => Buffer.compare(bytesIn(handle, 5 * MEBIBYTE), bytes(5 * MEBIBYTE, at)))).toEqual(
      others.map(() => 0),
    )
    expect(Buffer.compare(bytesIn(kept, 2 * MEBIBYTE), bytes(2 * MEBIBYTE, 5))).toBe(0)
    release()
    lender.release(keptBlocks)
    const again = Array.from({ length: 16 }, (_, at) => lend(2 * MEBIBYTE, at))
    expect(again.map(([slab]) => slab > 0)).not.toContain(false)
    expect(again.map(handle => bytesIn(handle, 1)[0])).toEqual(again.map((_, at) => bytes(1, at)[0]))
    expect(new Set(again.map(([slab]) => slab)).size).toBe(16)
  })

  test('whatever sizes come and go, each block is its own until it is released', () => {
    const size = fc.constantFrom(1000, 3000, 70_000, MEBIBYTE, 3 * MEBIBYTE, 9 * MEBIBYTE)
    const step = fc.oneof(size, fc.constant('release-first' as const), fc.constant('release-last' as const))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const taken: { handle: BlockHandle; seed: number; blocks: readonly Block[] }[] = []
        for (const [seed, each] of steps.entries()) {
          if (typeof each === 'number') {
            const handle = lend(each, seed)
            taken.push({ handle, seed, blocks: lender.takeLent() as readonly Block[] })
            continue
          }
          const released = each === 'release-first' ? taken.shift() : taken.pop()
          if (released === undefined) continue
          expect(bytesIn(released.handle, 1000)).toEqual(bytes(1000, released.seed))
          lender.release(released.blocks)
        }
        for (const { handle, seed, blocks } of taken) {
          expect(bytesIn(handle, 1000)).toEqual(bytes(1000, seed))
          lender.release(blocks)
        }
      }),
      { numRuns: 40 },
    )
  })
})
