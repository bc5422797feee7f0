import type { CodecExtension } from '../../codec/extension.js'
import { demand } from '../../codec/malformed-message-error.js'
import type { BlockExchange } from '../../link/blocks/block-exchange.js'
import { BLOCK_MIN_BYTES, type BlockHandle } from '../../link/blocks/blocks.js'
import { SharedBlock } from '../../link/blocks/shared-block.js'
import { foreignSocket } from '../../sockets/foreign-socket.js'
import { originOf, type SocketOrigin } from '../../sockets/socket-ownership.js'

/** What a codec needs of a link. */
export interface LinkBlocks extends Pick<BlockExchange, 'handOver' | 'abandon' | 'borrow' | 'reclaim'> {
  /** Puts bytes where the peer finds them, or declines, and they travel in the text of the message. */
  lend(bytes: Uint8Array): BlockHandle | undefined
}

/**
 * What lets messages on a link carry large binaries: they travel in shared memory, and the text names the block. A
 * `SharedBlock` is handed over. A socket arrives as something that throws when it is used, since it belongs to the
 * thread that opened it.
 *
 * @param take How a block is read: out of the peer's memory for a message that arrived, out of our own for one that
 *   came back.
 */
export function blocksOf(
  { blocks }: { readonly blocks: LinkBlocks },
  take: 'borrow' | 'reclaim' = 'borrow',
): CodecExtension {
  return {
    encode: value => {
      if (value instanceof Uint8Array) return value.byteLength >= BLOCK_MIN_BYTES ? blocks.lend(value) : undefined
      return value instanceof SharedBlock ? blocks.handOver(value) : originOf(value)
    },
    abandon: () => blocks.abandon(),
    decode: data => {
      if (Array.isArray(data)) return blocks[take](data as unknown as BlockHandle)
      demand(isOrigin(data), 'it has neither a block nor a socket')
      return foreignSocket(data)
    },
  }
}

function isOrigin(data: unknown): data is SocketOrigin {
  const { type, owner } = (data ?? {}) as Partial<Record<keyof SocketOrigin, unknown>>
  return typeof type === 'string' && typeof owner === 'string'
}
