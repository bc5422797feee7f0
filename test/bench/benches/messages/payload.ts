import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { SharedBlock, startThread } from '@zera/core'
import type { Bench, Contender, Figures } from '../../bench.js'
import { rateOf } from '../../runs/rate.js'

/** A way to send bytes to a thread and get them back. */
interface Trip extends AsyncDisposable {
  /** Gives what came back, which is not kept beyond the next trip. */
  go(bytes: Uint8Array): Promise<Uint8Array>
}

const KIB = 1024
const SIZES = [
  { name: '64 KiB', sizeBytes: 64 * KIB, targets: [] },
  { name: '1 MiB', sizeBytes: KIB * KIB, targets: [{ of: 'ratio', limit: 2 }] },
  { name: '16 MiB', sizeBytes: 16 * KIB * KIB, targets: [{ of: 'ratio', limit: 4 }] },
] as const

/** Its length has no factor with that of a page, so that pages that are swapped are seen. */
const PATTERN = Uint8Array.from({ length: 251 }, (_, at) => at)

/** Large binaries, and the ways in which they travel. */
export const payload: Bench = {
  name: 'payload',
  title: 'Binaries to another thread and back, one at a time',
  figures: SIZES.map(({ name, targets }) => ({ name, unit: 'trips/s', better: 'more', targets })),
  baselines: ['MessagePort, clone'],
  findings:
    'Bytes are copied into a shared block and out of it again, on each hop, into fresh memory for each receiver; fresh memory costs more here than the copies. A block that is handed over and released is used again, as the other figure shows.',
  contenders: [
    tripContender({ system: 'zera, block handed over', isOurs: true }, handedOver),
    tripContender({ system: 'zera, bytes copied', isOurs: true }, copied),
    tripContender({ system: 'MessagePort, clone' }, () => posted(false)),
    tripContender({ system: 'MessagePort, transfer' }, () => posted(true)),
  ],
}

/** A block that is filled by one copy, handed over, and handed back. */
async function handedOver(): Promise<Trip> {
  const thread = await startThread(new URL('../../threads/pipe-echo.js', import.meta.url))
  return {
    go: async bytes => {
      thread.pipe.send(SharedBlock.from(bytes))
      using back = (await thread.pipe.receive())?.value as SharedBlock
      return back.bytes
    },
    [Symbol.asyncDispose]: async () => thread[Symbol.asyncDispose](),
  }
}

/** Bytes as a plain value, copied in and out at each hop. */
async function copied(): Promise<Trip> {
  const thread = await startThread(new URL('../../threads/pipe-echo.js', import.meta.url))
  return {
    go: async bytes => {
      thread.pipe.send(bytes)
      return (await thread.pipe.receive())?.value as Uint8Array
    },
    [Symbol.asyncDispose]: async () => thread[Symbol.asyncDispose](),
  }
}

async function posted(isTransferred: boolean): Promise<Trip> {
  const worker = new Worker(new URL('../../threads/port-echo.js', import.meta.url), { workerData: { isTransferred } })
  await once(worker, 'online')
  return {
    go: async bytes => {
      // Who transfers has given its bytes away, so what it sends is a copy, as a block is.
      if (isTransferred) {
        const own = bytes.slice()
        worker.postMessage(own, [own.buffer])
      } else worker.postMessage(bytes)
      return ((await once(worker, 'message')) as [Uint8Array])[0]
    },
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  }
}

/** Measures each size in turn. Every byte that comes back is looked at once, and its length each time. */
function tripContender(contender: Omit<Contender, 'start'>, start: () => Promise<Trip>): Contender {
  return {
    ...contender,
    start: async effort => {
      const trip = await start()
      const rates: (readonly [name: string, rate: () => Promise<number>])[] = []
      for (const { name, sizeBytes } of SIZES) {
        const bytes = new Uint8Array(Buffer.alloc(sizeBytes, PATTERN))
        if (Buffer.compare(await trip.go(bytes), bytes) !== 0)
          throw new RangeError(`Cannot measure ${contender.system}: ${name} did not come back as they were sent`)
        rates.push([name, rateOf(trips => goAndReturn(trip, bytes, trips), effort)])
      }
      return {
        round: async (): Promise<Figures> => {
          const figures: Record<string, number> = {}
          for (const [name, rate] of rates) figures[name] = await rate()
          return figures
        },
        [Symbol.asyncDispose]: () => trip[Symbol.asyncDispose](),
      }
    },
  }
}

async function goAndReturn(trip: Trip, bytes: Uint8Array, trips: number): Promise<void> {
  for (let number = 0; number < trips; number++) {
    const back = await trip.go(bytes)
    if (back.byteLength !== bytes.byteLength)
      throw new RangeError(`Cannot count a trip: ${back.byteLength} of ${bytes.byteLength} bytes came back`)
  }
}
