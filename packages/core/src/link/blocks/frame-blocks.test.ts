import { MessageChannel } from 'node:worker_threads'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Handover } from '../meeting/handover.js'
import { BlockBorrower, BlockLender } from './blocks.js'
import { FrameBlocks, LONG_FRAME } from './frame-blocks.js'

const MEBIBYTE = 1024 * 1024

describe('FrameBlocks', () => {
  let near: Handover
  let far: Handover
  let sender: FrameBlocks
  let receiver: FrameBlocks
  let number: number

  beforeEach(() => {
    const { port1, port2 } = new MessageChannel()
    near = new Handover()
    far = new Handover()
    near.open(port1)
    far.open(port2)
    number = 0
    sender = new FrameBlocks(new BlockLender(near), new BlockBorrower(near))
    receiver = new FrameBlocks(new BlockLender(far), new BlockBorrower(far))
  })

  afterEach(() => {
    near.close()
    far.close()
  })

  /** Puts the next frame. */
  function put(frame: string): string {
    number += 1
    return sender.put(frame, number)
  }

  function get(sent: string): string {
    return sent.startsWith(LONG_FRAME) ? receiver.get(sent) : sent
  }

  test.each([
    ['ASCII', 'x'],
    ['Latin-1', 'é'],
    ['others', 'ж'],
    ['surrogates, also lone ones', '\ud83d\ude00\ud800'],
  ])('carry a long frame of %s', (_what, part) => {
    const frame = `["${part.repeat(5000)}"]`

    const sent = put(frame)

    expect(sent.length).toBeLessThan(100)
    expect(get(sent)).toBe(frame)
  })

  test('use a block again when its frame was received, and not before', () => {
    const frame = 'x'.repeat(MEBIBYTE)
    const first = put(frame)
    const second = put(frame)
    number += 1 // A short frame

    const areUnderWay = [sender.received(0)]
    const third = put(frame)
    areUnderWay.push(sender.received(1))
    const fourth = put(frame)
    areUnderWay.push(sender.received(5))
    const others = [put(frame), put(frame), put(frame)]

    expect(new Set([first, second, third]).size).toBe(3)
    expect([fourth, areUnderWay]).toEqual([first, [true, true, false]])
    expect(new Set(others)).toEqual(new Set([first, second, third]))
  })

  test('send a frame as it is when all blocks are taken', () => {
    const frame = 'x'.repeat(MEBIBYTE)

    const sent = Array.from({ length: 40 }, () => put(frame))

    expect(sent.filter(each => each === frame)).toHaveLength(8)
    expect(sent.every(each => get(each) === frame)).toBe(true)
  })

  test('deliver what was sent, however far behind the other side is', () => {
    const step = fc.record({ chars: fc.nat(100_000), wide: fc.boolean(), receives: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(step), steps => {
        const underWay: [frame: string, sent: string][] = []
        let received = 0
        sender = new FrameBlocks(new BlockLender(near), new BlockBorrower(near))
        receiver = new FrameBlocks(new BlockLender(far), new BlockBorrower(far))
        for (const [at, { chars, wide, receives }] of steps.entries()) {
          const frame = `${at}${(wide ? 'ж' : 'x').repeat(chars)}`
          underWay.push([frame, put(frame)])
          for (const [wanted, sent] of underWay.splice(0, receives)) {
            expect(get(sent) === wanted).toBe(true)
            received += 1
          }
          sender.received(received)
        }
      }),
      { numRuns: 50 },
    )
  })
})
