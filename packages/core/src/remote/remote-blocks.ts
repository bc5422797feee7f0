import { BlockLocalError } from '../base/errors/errors.js'
import { MalformedMessageError } from '../codec/malformed-message-error.js'
import type { OutboxBlocks } from '../link/outbox.js'
import type { LinkBlocks } from '../thread/pipe/link-codec.js'

/**
 * The large binaries of a link between processes: they travel in the text, since shared memory cannot leave its
 * process.
 */
export const REMOTE_BLOCKS: LinkBlocks & OutboxBlocks = {
  lentBytes: 0,
  handOver: ({ sizeBytes }) => {
    throw new BlockLocalError(sizeBytes)
  },
  block: () => refuse(),
  abandon: () => undefined,
  takeLent: () => undefined,
  release: () => undefined,
  keep: () => undefined,
  receive: () => refuse(),
  takeReturned: () => refuse(),
}

function refuse(): never {
  throw new MalformedMessageError('it names shared memory of another process')
}
