import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Streaming } from './peer.js'

/** Items that may be under way: as many as in a stream of ours whose items are small. */
export const STREAM_WINDOW = 1024

/** What the reader posts. */
export type StreamCall = { readonly read: number } | { readonly acknowledge: number }

/** A stream as one writes it by hand: each item is a message, and each half of the window is acknowledged at once. */
export async function messagePortStream(): Promise<Streaming> {
  const worker = new Worker(new URL('../threads/port-source.js', import.meta.url))
  await once(worker, 'online')
  let received: (item: number) => void = () => undefined
  worker.on('message', (item: number) => received(item))
  const post = (call: StreamCall): void => worker.postMessage(call)
  async function* read(items: number): AsyncGenerator<number, void, void> {
    const queue: number[] = []
    let wake: () => void = () => undefined
    received = item => {
      queue.push(item)
      wake()
    }
    post({ read: items })
    for (let taken = 0; taken < items;) {
      if (queue.length === 0) await new Promise<void>(resolve => (wake = resolve))
      for (const item of queue.splice(0)) {
        taken += 1
        if (taken % (STREAM_WINDOW / 2) === 0) post({ acknowledge: STREAM_WINDOW / 2 })
        yield item
      }
    }
  }
  return { read, [Symbol.asyncDispose]: async () => void (await worker.terminate()) }
}
