import { MessageChannel } from 'node:worker_threads'
import { NotCloneableError } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { BoundRef, type RefHost } from '../refs/bound-ref.js'
import { buffersOf, readPayload, writePayload } from './payload.js'

describe('writePayload()', () => {
  test('carries values as they are, with each buffer once', () => {
    const shared = new Uint8Array([1, 2, 3])
    const values = [new Map([['a', new Date(5)]]), [shared, shared], new Float64Array([0.5]), 7n]

    const written = writePayload(values)

    expect(readPayload(written)).toEqual(values)
    expect(buffersOf(written)).toHaveLength(2)
    expect((readPayload(written)[1] as Uint8Array[])[0]?.buffer).toBe(shared.buffer)
  })

  test('takes of a pool what belongs to the Buffer', () => {
    const [buffer] = buffersOf(writePayload([Buffer.from('hello')]))

    expect(Buffer.from(buffer as ArrayBuffer).toString()).toBe('hello')
  })

  test('carries shared memory and ports as what they are', () => {
    const { port1, port2 } = new MessageChannel()
    const memory = new SharedArrayBuffer(4)

    expect(readPayload(writePayload([memory, port1]))).toEqual([memory, port1])
    port1.close()
    port2.close()
  })

  test('refuses what cannot be cloned, and refs', () => {
    expect(() => writePayload([() => 1])).toThrow(NotCloneableError)
    expect(() =>
      writePayload([new BoundRef({} as RefHost, { host: 1, id: 16, name: '', url: '', definition: '' })]),
    ).toThrow(TypeError)
  })
})
