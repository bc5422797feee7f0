import { LINK_LIMITS, type RemoteAccount } from '@zera/core/internal'
import { list, record, whole, type Shape } from './shape.js'

const SLOTS = LINK_LIMITS.windowMessages + LINK_LIMITS.windowReplies

const slots = list(whole(0, SLOTS - 1), SLOTS)

/** What counts in 32 bits, over and over. */
const wrapped = whole(-(2 ** 31), 2 ** 32)

/** What is known of one side of a link whose thread has ended. */
export const remoteAccount: Shape<RemoteAccount> = record<RemoteAccount>({
  accepted: wrapped,
  received: wrapped,
  unbegun: slots,
  begun: slots,
  refused: slots,
})
