import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Handover } from '../meeting/handover.js'
import { BlockBorrower, BlockLender, type Block, type BlockHandle } from './blocks.js'

const MEBIBYTE = 1024 * 1024
const POOL = 32

function bytes(sizeBytes: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: sizeBytes }, (_, at) => (at * 31 + seed) % 251)
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
    space.bytes.set(bytes(sizeBytes, seed))
    return JSON.parse(handle) as BlockHandle
  }

  const release = (): void => lender.release(lender.takeLent() as readonly Block[])

  test.each([0, 1, 1024, 2048, 4096, 4097, 65_537, MEBIBYTE, MEBIBYTE + 1, 3 * MEBIBYTE])(
    'carry %d bytes',
    sizeBytes => {
      const handles = [lend(sizeBytes, 7), lend(sizeBytes, 8)]

      const found = handles.map(handle => Buffer.from(borrower.find(handle).bytes.subarray(0, sizeBytes)))

      expect(found.map((each, at) => Buffer.compare(each, bytes(sizeBytes, 7 + at)))).toEqual([0, 0])
    },
  )

  test('are seen as bytes, doubles and integers from their beginning on', () => {
    const { handle, space } = (lender.take(1000), lender.take(1000))
    space.doubles.set([1.5])
    space.integers.set([7], 2)

    const found = borrower.find(JSON.parse(handle) as BlockHandle)

    expect([found.doubles[0], found.integers[2], found.bytes[8]]).toEqual([1.5, 7, 7])
    expect([found.bytes.length, found.doubles.length, found.integers.length]).toEqual([1024, 128, 256])
  })

  test('BlockLender.take() uses a released block of the size again', () => {
    const [first] = lend(5000)
    release()

    const [again] = lend(5100)
    const [larger] = lend(9000)

    expect(again).toBe(first)
    expect(larger).not.toBe(first)
  })

  test('BlockLender.take() gives no block twice while it is taken', () => {
    const handles = Array.from({ length: 500 }, () => lend(1024))

    expect(new Set(handles.map(([number]) => number)).size).toBe(500)
    expect(new Set(handles.map(([, ticket, offset]) => `${ticket} ${offset}`)).size).toBe(500)
  })

  test('BlockLender.take() hands memory over once, for many small blocks', () => {
    const tickets = new Set(Array.from({ length: 64 }, () => lend(1024)[1]))

    expect(tickets.size).toBe(1)
  })

  test('BlockBorrower.find() finds out of order', () => {
    const handles = [1, 2, 3].map(seed => lend(3000, seed))

    const found = handles.toReversed().map(handle => borrower.find(handle).bytes[0])

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
    const again = new Set(Array.from({ length: POOL }, () => lend(MEBIBYTE)[0]))

    expect(handles.slice(POOL).map(([number]) => number)).toEqual([0, 0])
    expect(again).toEqual(new Set(handles.slice(0, POOL).map(([number]) => number)))
    expect(() => borrower.find(handles[POOL] as BlockHandle)).toThrow(Error)
  })
})
