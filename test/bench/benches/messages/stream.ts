import type { Bench, Contender } from '../../bench.js'
import { messagePortStream } from '../../peers/message-port-stream.js'
import type { Streaming } from '../../peers/peer.js'
import { zeraStream } from '../../peers/zera.js'
import { expectDelivery } from '../../runs/delivery-error.js'
import { rateOf } from '../../runs/rate.js'

/** Items that come at the pace of their reader. */
export const stream: Bench = {
  name: 'stream',
  title: 'Items of a stream from another thread, at most 1,024 under way',
  figures: [{ name: 'rate', unit: 'items/s', better: 'more', targets: [{ of: 'ratio', limit: 3 }] }],
  baselines: ['MessagePort with acknowledgements'],
  findings:
    'Both threads are idle for half of the time: in a profile the generator for 46 % and the reader for 54. Each waits for the other at the end of half a window, and for its own wake. A window that grows, a reader written by hand and no turn of the queue for each item raised the ratio from 0.9. Pulling an eighth of the window at a time instead of a half, and windows of 512 and 4,096 items, made no measurable difference.',
  contenders: [
    streamContender({ system: 'zera', isOurs: true }, zeraStream),
    streamContender({ system: 'MessagePort with acknowledgements' }, messagePortStream),
  ],
}

function streamContender(contender: Omit<Contender, 'start'>, start: () => Promise<Streaming>): Contender {
  return {
    ...contender,
    start: async effort => {
      const streaming = await start()
      const rate = rateOf(items => readAll(streaming, items), effort)
      return {
        round: async () => ({ rate: await rate() }),
        [Symbol.asyncDispose]: () => streaming[Symbol.asyncDispose](),
      }
    },
  }
}

async function readAll(streaming: Streaming, items: number): Promise<void> {
  let count = 0
  let sum = 0
  for await (const item of streaming.read(items)) {
    count += 1
    sum += item
  }
  expectDelivery(items, { count, sum })
}
