import type { CodecExtension } from '../../codec/extension.js'
import { demand } from '../../codec/malformed-message-error.js'
import type { BlockExchange } from '../../link/blocks/block-exchange.js'
import type { BlockHandle } from '../../link/blocks/blocks.js'
import { SharedBlock } from '../../link/blocks/shared-block.js'
import { foreignSocket } from '../../sockets/foreign-socket.js'
import { originOf, type SocketOrigin } from '../../sockets/socket-ownership.js'

/** What a codec needs of a link. */
export type LinkBlocks = Pick<BlockExchange, 'handOver' | 'abandon' | 'receive' | 'takeReturned'>

/** Whether a message has arrived, or came back. */
type Take = 'borrow' | 'reclaim'

/**
 * What messages on a link carry beyond plain values. A `SharedBlock` is handed over. A socket arrives as something that
 * throws when it is used, since it belongs to the thread that opened it.
 *
 * @param take Where a block is found: at the peer, for a message that arrived, or here, for one that came back.
 */
export function blocksOf({ blocks }: { readonly blocks: LinkBlocks }, take: Take = 'borrow'): CodecExtension {
  return {
    encode: value => (value instanceof SharedBlock ? blocks.handOver(value) : originOf(value)),
    abandon: () => blocks.abandon(),
    decode: data => {
      if (Array.isArray(data)) {
        const handle = data as unknown as BlockHandle
        return take === 'borrow' ? blocks.receive(handle) : blocks.takeReturned(handle)
      }
      demand(isOrigin(data), 'it has neither a block nor a socket')
      return foreignSocket(data)
    },
  }
}

function isOrigin(data: unknown): data is SocketOrigin {
  const { type, owner } = (data ?? {}) as Partial<Record<keyof SocketOrigin, unknown>>
  return typeof type === 'string' && typeof owner === 'string'
}
