import { describe, expect, test } from 'vitest'
import { BlockGoneError, NotCloneableError, PipeClosedError } from '../../base/errors/errors.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { startThread } from '../../thread/starter/start-thread.js'
import { SharedBlock } from './shared-block.js'

const BYTES = Uint8Array.from({ length: 100_000 }, (_, at) => at * 31 + 7)
const MODULE = new URL('../../fixtures/threads/keeps-blocks.js', import.meta.url)

expectNoLeaksAfterEach()

describe('SharedBlock', () => {
  test('from() copies, and toBytes() copies out', () => {
    using block = SharedBlock.from(BYTES)

    const out = block.toBytes()

    expect([block.sizeBytes, Buffer.compare(block.bytes, BYTES), Buffer.compare(out, BYTES)]).toEqual([
      BYTES.length,
      0,
      0,
    ])
    expect(out.buffer).toBeInstanceOf(ArrayBuffer)
  })

  test('release() gives the memory to the next block of the size, and takes the block away', () => {
    const block = SharedBlock.allocate(50_000)
    const { memory } = block

    block.release()
    block.release()
    const [next, another] = [SharedBlock.allocate(52_000), SharedBlock.allocate(52_000)]

    expect([next.memory === memory, another.memory === memory]).toEqual([true, false])
    expect(() => block.bytes).toThrow(BlockGoneError)
  })

  test('is handed over by a message, and comes back over the same memory', async () => {
    await using thread = await startThread(MODULE)
    const block = SharedBlock.from(BYTES)
    const { memory } = block

    thread.pipe.send({ block })
    const received = (await thread.pipe.receive()) as { value: { block: SharedBlock } }
    const back = received.value.block
    await thread.kill()

    expect(() => block.bytes).toThrow(BlockGoneError)
    expect(Buffer.compare(back.bytes.subarray(1), BYTES.subarray(1))).toBe(0)
    expect([back.bytes[0], new Uint8Array(memory)[0]]).toEqual([42, 42])
  })

  test('comes back with a message that is given back when the other thread was killed', async () => {
    await using thread = await startThread(MODULE)
    thread.pipe.send({ block: SharedBlock.from(BYTES) })
    await thread.pipe.receive()
    const kept = SharedBlock.from(BYTES)

    thread.pipe.send({ block: kept })
    await thread.kill()
    const [undelivered] = thread.undelivered as { block: SharedBlock }[]

    expect(() => kept.bytes).toThrow(BlockGoneError)
    expect(Buffer.compare(undelivered?.block.bytes ?? Buffer.alloc(0), BYTES)).toBe(0)
  })

  test('stays when its message cannot be sent', async () => {
    await using thread = await startThread(MODULE)
    const block = SharedBlock.from(BYTES)

    expect(() => thread.pipe.send({ block, symbol: Symbol() })).toThrow(NotCloneableError)
    await thread.kill()
    expect(() => thread.pipe.send({ block })).toThrow(PipeClosedError)

    expect(Buffer.compare(block.bytes, BYTES)).toBe(0)
  })
})
