import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Tally } from '../runs/delivery-error.js'
import type { Asking, OneWay, Task, TaskPool } from './peer.js'

/** A task on its way to a worker. */
export interface NumberedTask {
  readonly call: number
  readonly task: Task
}

/** What has become of it. */
export interface NumberedResult {
  readonly call: number
  readonly result: number
}

/** Objects through `postMessage`, one at a time: what Node has. */
export async function messagePortOneWay(): Promise<OneWay> {
  const worker = await startWorker('port-tally')
  return {
    send: messages => {
      for (let id = 0; id < messages; id++) worker.postMessage({ id, v: 'hello' })
      return tallyOf(worker)
    },
    [Symbol.asyncDispose]: () => end(worker),
  }
}

/** JSON texts of so many messages each: the most that one gets out of `postMessage` by hand. */
export async function batchedMessagePortOneWay(batch: number): Promise<OneWay> {
  const worker = await startWorker('port-tally')
  return {
    send: messages => {
      for (let id = 0; id < messages; id += batch) {
        worker.postMessage(
          JSON.stringify(
            Array.from({ length: Math.min(batch, messages - id) }, (_, at) => ({ id: id + at, v: 'hello' })),
          ),
        )
      }
      return tallyOf(worker)
    },
    [Symbol.asyncDispose]: () => end(worker),
  }
}

/** One question at a time, to one of so many threads. */
export async function messagePortAsking(threads = 1): Promise<Asking> {
  const [worker, ...others] = (await Promise.all(Array.from({ length: threads }, () => startWorker('port-echo')))) as [
    Worker,
    ...Worker[],
  ]
  let answer: (number: number) => void = () => undefined
  worker.on('message', (number: number) => answer(number))
  return {
    echo: number =>
      new Promise(resolve => {
        answer = resolve
        worker.postMessage(number)
      }),
    [Symbol.asyncDispose]: async () => void (await Promise.all([worker, ...others].map(end))),
  }
}

/** A pool as one writes it by hand: the tasks go round, each is a message, and a map knows which caller waits. */
export async function messagePortPool(threads: number): Promise<TaskPool> {
  const workers = await Promise.all(Array.from({ length: threads }, () => startWorker('port-tasks')))
  const waiting = new Map<number, (result: number) => void>()
  let calls = 0
  for (const worker of workers) {
    worker.on('message', ({ call, result }: NumberedResult) => {
      waiting.get(call)?.(result)
      waiting.delete(call)
    })
  }
  return {
    run: task =>
      new Promise(resolve => {
        const call = calls++
        waiting.set(call, resolve)
        workers[call % threads]?.postMessage({ call, task } satisfies NumberedTask)
      }),
    [Symbol.asyncDispose]: async () => void (await Promise.all(workers.map(end))),
  }
}

async function startWorker(file: string): Promise<Worker> {
  const worker = new Worker(new URL(`../threads/${file}.js`, import.meta.url))
  await once(worker, 'online')
  return worker
}

async function tallyOf(worker: Worker): Promise<Tally> {
  worker.postMessage(null)
  const [tally] = (await once(worker, 'message')) as [Tally]
  return tally
}

async function end(worker: Worker): Promise<void> {
  await worker.terminate()
}
