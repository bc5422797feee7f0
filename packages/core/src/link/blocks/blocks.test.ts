import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Handover } from '../meeting/handover.js'
import { BlockBorrower, BlockLender, copyOut, type Block, type BlockHandle } from './blocks.js'

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

  test.each([0, 1, 2048, 4096, 4097, 100_000, MEBIBYTE, MEBIBYTE + 1, 3 * MEBIBYTE])('carry %d bytes', sizeBytes => {
    const sent = bytes(sizeBytes, 7)

    const received = new Uint8Array(borrower.read(lender.lend(sent)))

    expect(Buffer.compare(received, sent)).toBe(0)
  })

  test('BlockLender.lend() copies, so that the sender may go on with its memory', () => {
    const sent = bytes(5000, 1)
    const handle = lender.lend(sent)

    sent.fill(0)

    expect(Buffer.compare(new Uint8Array(borrower.read(handle)), bytes(5000, 1))).toBe(0)
  })

  test('BlockBorrower.read() copies, so that a block can be used again', () => {
    const first = borrower.read(lender.lend(bytes(5000, 1)))
    lender.release(lender.takeLent() as readonly Block[])

    const second = borrower.read(lender.lend(bytes(5000, 2)))

    expect(Buffer.compare(new Uint8Array(first), bytes(5000, 1))).toBe(0)
    expect(Buffer.compare(new Uint8Array(second), bytes(5000, 2))).toBe(0)
  })

  test('BlockLender.lend() uses a released block of the size again', () => {
    const [first] = lender.lend(bytes(5000, 1))
    lender.release(lender.takeLent() as readonly Block[])

    const [again] = lender.lend(bytes(6000, 2))
    const [larger] = lender.lend(bytes(9000, 3))

    expect(again).toBe(first)
    expect(larger).not.toBe(first)
  })

  test('BlockBorrower.read() reads out of order', () => {
    const handles = [1, 2, 3].map(seed => lender.lend(bytes(3000, seed)))

    const received = handles.toReversed().map(handle => new Uint8Array(borrower.read(handle)))

    expect(received.map(each => each[0])).toEqual([3, 2, 1])
  })

  test('BlockLender.takeLent() gives each lent block to one message', () => {
    lender.lend(bytes(3000, 1))
    lender.lend(bytes(3000, 2))

    const lent = [lender.takeLent()?.length, lender.takeLent()]

    expect(lent).toEqual([2, undefined])
  })

  test('what does not fit into the pool travels in blocks of its own, which are not kept', () => {
    const handles: BlockHandle[] = Array.from({ length: POOL + 2 }, () => lender.lend(new Uint8Array(MEBIBYTE)))
    for (const handle of handles) borrower.read(handle)

    lender.release(lender.takeLent() as readonly Block[])
    const tickets = new Set(Array.from({ length: POOL }, () => lender.lend(new Uint8Array(MEBIBYTE))[0]))

    expect(handles.map(([, , isPooled]) => isPooled)).toEqual([...Array.from({ length: POOL }, () => 1), 0, 0])
    expect(tickets).toEqual(new Set(handles.slice(0, POOL).map(([ticket]) => ticket)))
    expect(() => borrower.read(handles[POOL] as BlockHandle)).toThrow(Error)
  })

  test('copyOut() gives memory of its own', () => {
    const memory = new SharedArrayBuffer(8)

    const copy = copyOut(memory, 4)

    expect(copy).toBeInstanceOf(ArrayBuffer)
    expect(copy.byteLength).toBe(4)
  })
})
