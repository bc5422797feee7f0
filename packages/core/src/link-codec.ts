import { BLOCK_MIN_BYTES, type BlockHandle } from './blocks.js'
import type { CodecExtension } from './codec/codec.js'
import type { Link } from './link.js'
import { foreignSocket } from './sockets/foreign-socket.js'
import { originOf, type SocketOrigin } from './sockets/socket-ownership.js'

/**
 * What lets messages on a link carry large binaries: they travel in shared memory, and the text names the block. A socket arrives as
 * something that throws when it is used, since it belongs to the thread that opened it.
 *
 * @param take How a block is read: out of the peer's memory for a message that arrived, out of our own for one that came back.
 */
export function blocksOf(link: Pick<Link, 'lend' | 'borrow' | 'reclaim'>, take: 'borrow' | 'reclaim' = 'borrow'): CodecExtension {
  return {
    encode: value => {
      if (value instanceof Uint8Array) return value.byteLength >= BLOCK_MIN_BYTES ? link.lend(value) : undefined
      return originOf(value)
    },
    decode: data => (Array.isArray(data) ? link[take](data as unknown as BlockHandle) : foreignSocket(data as SocketOrigin)),
  }
}
