import { describe, expect, test } from 'vitest'
import { LoadGate } from './load-gate.js'

/** A gate as a thread has it, and as the killer of that thread has it. */
function open() {
  const word = new Int32Array(new SharedArrayBuffer(4))
  return { own: new LoadGate(word), other: new LoadGate(word) }
}

/** Whether a promise has settled when everything that could run has run. */
async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  const settle = (): void => void (settled = true)
  promise.then(settle, settle)
  await new Promise(resolve => setImmediate(resolve))
  return settled
}

describe('LoadGate', () => {
  test('load() gives what was loaded, or why it was not', async () => {
    const { own, other } = open()

    expect(await own.load(() => Promise.resolve(1))).toBe(1)
    await expect(own.load(() => Promise.reject(new RangeError('no')))).rejects.toBeInstanceOf(RangeError)
    expect(other.close()).toBe(true)
    expect(other.close()).toBe(true)
  })

  test('idle() waits until everything is loaded, whose loaders go on no more', async () => {
    const { own, other } = open()
    let loaded: () => void = () => undefined
    let failed: (error: Error) => void = () => undefined
    const loading = [
      own.load(() => new Promise<void>(resolve => (loaded = resolve))),
      own.load(() => new Promise<void>((_resolve, reject) => (failed = reject))),
    ]
    await new Promise(resolve => setImmediate(resolve))

    expect(other.close()).toBe(false)
    const idle = other.idle(60_000)
    loaded()
    expect(await hasSettled(idle)).toBe(false)
    failed(new Error('no'))

    await idle
    expect(await Promise.all(loading.map(hasSettled))).toEqual([false, false])
  })

  test('idle() waits for no more than its time', async () => {
    const { own, other } = open()
    void own.load(() => new Promise(() => undefined))
    await new Promise(resolve => setImmediate(resolve))

    expect(other.close()).toBe(false)
    await other.idle(2)
    await other.idle(0)
  })

  test('idle() waits in the thread itself, whose gate is open', async () => {
    const { own } = open()
    let loaded: () => void = () => undefined
    const loading = own.load(() => new Promise<void>(resolve => (loaded = resolve)))
    await new Promise(resolve => setImmediate(resolve))

    const idle = own.idle()
    expect(await hasSettled(idle)).toBe(false)
    loaded()

    await Promise.all([idle, loading])
  })

  test('load() begins nothing once the gate is closed', async () => {
    const { own, other } = open()
    other.close()
    let calls = 0

    const loading = own.load(() => Promise.resolve((calls += 1)))

    expect(await hasSettled(loading)).toBe(false)
    expect(calls).toBe(0)
    await other.idle(60_000)
  })

  test('beginFirst() counts what a thread begins with, until it says end()', async () => {
    const { own, other } = open()
    other.beginFirst()

    expect(await own.load(() => Promise.resolve(1))).toBe(1)
    expect(other.close()).toBe(false)
    const ended = own.end()

    await other.idle(60_000)
    expect(await hasSettled(ended)).toBe(false)
  })
})
