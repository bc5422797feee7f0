import { types } from 'node:util'
import { OwnBinaries, putTogether, SharedBlock, takeApart, type CodecExtension } from '@zera/core/internal'
import type { RefHost } from '../../model/refs/bound-ref.js'
import { refInMessage } from '../../model/refs/own-ref.js'

/**
 * Copies values as a message to another thread would, for another actor on the same thread.
 *
 * @param host The host of both.
 * @throws {NotCloneableError} When they cannot be copied.
 * @throws {TypeError} When there is a `SharedBlock` among them, which has one owner, or a ref of another system.
 */
export function copyValues(values: readonly unknown[], host: Pick<RefHost, 'identity'>): unknown[] {
  return copiesOf(values, 1, host)[0] as unknown[]
}

/**
 * Copies values this many times.
 *
 * @throws As `copyValues` does.
 */
export function copiesOf(values: readonly unknown[], copies: number, host: Pick<RefHost, 'identity'>): unknown[][] {
  if (copies === 0) return []
  // What stays as it is is kept beside the parts.
  const carried: unknown[] = []
  const codec: CodecExtension = {
    encode(value) {
      refuseBlock(value)
      // The stand-in for another thread's socket is a Proxy without state, and may be shared.
      return types.isProxy(value) || refInMessage(value, host) !== undefined ? carried.push(value) - 1 : undefined
    },
    decode: index => carried[index as number],
  }
  const parts = takeApart(values, codec)
  return Array.from({ length: copies }, () => putTogether(parts, new OwnBinaries(parts.binaries), codec))
}

/** A value for many receivers cannot be handed over. */
export function refuseBlock(value: object): void {
  if (value instanceof SharedBlock)
    throw new TypeError('Cannot copy a SharedBlock: it has one owner; send a copy of its bytes')
}
