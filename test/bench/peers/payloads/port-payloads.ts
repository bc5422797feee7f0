import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { formOf, type Form } from '../../benches/payloads/kinds/binaries.js'
import { payloadOf, type Kind } from '../../benches/payloads/kinds/kinds.js'
import type { Tally } from '../../runs/delivery-error.js'
import { STREAM_WINDOW } from '../message-port-stream.js'
import type { PayloadPeer } from './payload-peer.js'

/**
 * What the thread is told to do: it sends payloads back unless it shall take them. A null stands before each call;
 * everything else that it is posted are payloads.
 */
export type PayloadCall =
  | { readonly begin: string; readonly form: Form }
  | { readonly collect: true }
  | { readonly take: true }
  | { readonly read: number }
  | { readonly acknowledge: number }
  | { readonly tally: true }

/**
 * A bare worker, one of as many as there are cores. Payloads are posted as they are, without numbers: they come back in
 * order.
 */
export async function portPayloads(form: Form): Promise<PayloadPeer> {
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('../../threads/port-payloads.js', import.meta.url)),
  )
  await Promise.all(workers.map(worker => once(worker, 'online')))
  const [worker] = workers as [Worker, ...Worker[]]
  let kind: Kind
  let received: (value: unknown) => void = () => undefined
  worker.on('message', (value: unknown) => received(value))

  const call = (what: PayloadCall): void => {
    worker.postMessage(null)
    worker.postMessage(what)
  }
  const post = (number: number): void => {
    const { value, transfer } = formOf(payloadOf(kind, number), form)
    worker.postMessage(value, transfer)
  }

  const waiting: ((value: unknown) => void)[] = []
  const answer = (value: unknown): void => waiting.shift()?.(value)

  async function* read(items: number): AsyncGenerator<unknown, void, void> {
    const queue: unknown[] = []
    let wake: () => void = () => undefined
    received = item => {
      queue.push(item)
      wake()
    }
    call({ read: items })
    for (let taken = 0; taken < items;) {
      if (queue.length === 0) await new Promise<void>(resolve => (wake = resolve))
      for (const item of queue.splice(0)) {
        taken += 1
        if (taken % (STREAM_WINDOW / 2) === 0) call({ acknowledge: STREAM_WINDOW / 2 })
        yield item
      }
    }
  }

  return {
    begin: async next => {
      kind = next
      received = answer
      call({ begin: kind.name, form })
    },
    collect: async () => {
      received = answer
      call({ collect: true })
      await new Promise(resolve => waiting.push(resolve))
    },
    echo: number =>
      new Promise(resolve => {
        waiting.push(resolve)
        post(number)
      }),
    send: messages => {
      call({ take: true })
      for (let number = 0; number < messages; number++) post(number)
      call({ tally: true })
      return new Promise(resolve => waiting.push(tally => resolve(tally as Tally)))
    },
    items: read,
    release: () => undefined,
    [Symbol.asyncDispose]: async () => void (await Promise.all(workers.map(one => one.terminate()))),
  }
}
