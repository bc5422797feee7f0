import { blocksOf, MalformedMessageError, type BlockHandle, type CodecExtension } from '@zera/core/internal'
import { BoundRef, type RefHost } from '../../model/refs/bound-ref.js'
import { refInMessage } from '../../model/refs/own-ref.js'
import type { RefData } from '../../model/refs/ref.js'
import type { HostLink } from '../../platform/transport.js'
import { isRefData } from './remote-body.js'

type Carried = { readonly ref: RefData } | { readonly block: BlockHandle }

/**
 * What messages between hosts carry beyond plain values: refs to actors, blocks of shared memory, and large messages in
 * such memory.
 */
export function hostCodec(host: RefHost, link: HostLink, take: 'borrow' | 'reclaim'): CodecExtension {
  const blocks = blocksOf(link, take)
  return {
    encode(value): Carried | undefined {
      const ref = refInMessage(value, host)
      if (ref !== undefined) return { ref }
      const block = blocks.encode(value) as BlockHandle | undefined
      return block === undefined ? undefined : { block }
    },
    abandon: () => blocks.abandon?.(),
    decode(data) {
      if (typeof data !== 'object' || data === null)
        throw new MalformedMessageError('it carries neither a ref nor a block')
      const carried = data as Carried
      if (!('ref' in carried)) return blocks.decode(carried.block)
      if (!isRefData(carried.ref)) throw new MalformedMessageError('a ref has no address')
      return new BoundRef(host, carried.ref)
    },
  }
}
