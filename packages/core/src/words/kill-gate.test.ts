import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { KillGate } from './kill-gate.js'

const INSIDE = 1

function sharedWord(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4))
}

/** A thread that stands inside its gate, and goes in and out without end as soon as it may leave. */
class Passer {
  readonly word = sharedWord()
  readonly inside = sharedWord()
  readonly #leave = sharedWord()
  readonly #worker: Worker

  constructor() {
    this.#worker = new Worker(new URL('../fixtures/threads/waiting/passes-gate.js', import.meta.url), {
      workerData: { word: this.word, inside: this.inside, leave: this.#leave },
    })
  }

  async isInside(): Promise<void> {
    await Atomics.waitAsync(this.inside, 0, 0).value
  }

  letLeave(): void {
    Atomics.store(this.#leave, 0, 1)
    Atomics.notify(this.#leave, 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}

describe('KillGate', () => {
  test('close() closes an open gate, and a closed one', () => {
    const gate = new KillGate(sharedWord())

    expect(gate.close(0)).toBe(true)
    expect(gate.close(0)).toBe(true)
  })

  test('close() gives up when the owner stays inside', async () => {
    await using owner = new Passer()
    await owner.isInside()

    expect(new KillGate(owner.word).close(0)).toBe(false)
    expect(new KillGate(owner.word).close(3)).toBe(false)
    owner.letLeave()
  })

  test('close() waits until the owner comes out, and keeps it out', async () => {
    await using owner = new Passer()
    await owner.isInside()

    owner.letLeave()
    const isClosed = new KillGate(owner.word).close()

    await owner[Symbol.asyncDispose]()
    expect(isClosed).toBe(true)
    expect(Atomics.load(owner.inside, 0)).toBe(0)
    expect(Atomics.load(owner.word, 0)).not.toBe(INSIDE)
  })

  test('enter() and leave() open and close nothing for good', () => {
    const word = sharedWord()
    const gate = new KillGate(word)

    gate.enter()
    const inside = new KillGate(word).close(0)
    gate.leave()

    expect([inside, new KillGate(word).close(0)]).toEqual([false, true])
  })
})
