import { LINK_LIMITS, type RemoteAccount } from '@zera/core'
import { count, list, record, whole, type Shape } from './shape.js'

const SLOTS = LINK_LIMITS.windowMessages + LINK_LIMITS.windowReplies

const slots = list(whole(0, SLOTS - 1), SLOTS)

/** What is known of one side of a link whose thread has ended. */
export const remoteAccount: Shape<RemoteAccount> = record<RemoteAccount>({ accepted: count, received: count, unbegun: slots, begun: slots, refused: slots })
