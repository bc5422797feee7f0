import { decodeValues, encodeValues, SharedBlock } from '@zera/core'
import { types } from 'node:util'
import { ActorRef } from '../ref.js'

/**
 * Copies values as a message to another thread would, for one more actor of the same thread.
 *
 * @throws {NotCloneableError} When they cannot be copied. @throws {TypeError} When there is a `SharedBlock` among them, which has one owner.
 */
export function copyValues(values: readonly unknown[]): unknown[] {
  // What stays as it is, or is binary, waits beside the text.
  const carried: unknown[] = []
  const codec = {
    encode: (value: object): number | undefined => {
      refuseBlock(value)
      if (value instanceof Uint8Array) return carried.push(value.slice().buffer) - 1
      // What stands for another thread's socket is a Proxy, has no state, and may be shared.
      return value instanceof ActorRef || types.isProxy(value) ? carried.push(value) - 1 : undefined
    },
    decode: (data: unknown): unknown => carried[data as number],
  }
  return decodeValues(JSON.parse(encodeValues(values, codec)), codec)
}

/** What is for many cannot be handed over. */
export function refuseBlock(value: object): void {
  if (value instanceof SharedBlock) throw new TypeError('Cannot publish a SharedBlock: it has one owner; publish a copy of its bytes')
}
