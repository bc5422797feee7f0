import { NODE_PROTOCOL, type OpenRequest, type OtherRequest } from '../control.js'
import { count, isRecord, maybe, number, record, text, whole, type Shape } from './shape.js'
import { token } from './words.js'

/** Threads of one node, as `NodeOptions` has them at most. */
const MAX_THREADS = 1024
const MAX_ROOT_CHARS = 8192
/** A timer of Node that is longer runs at once. */
const MAX_HEARTBEAT_MS = 2 ** 31 - 1
/** How long a child of a system goes on without a message from it: longer than any system lives. */
const MAX_DEADLINE_MS = 2 ** 42

const ours = record<OpenRequest>({
  protocol: count,
  system: token,
  root: maybe(text(MAX_ROOT_CHARS, /^[a-z][a-z0-9+.-]*:.*\/$/s)),
  threads: whole(1, MAX_THREADS),
  heartbeatMs: number(10, MAX_HEARTBEAT_MS),
  deadlineMs: number(20, MAX_DEADLINE_MS),
})

/** A request for a session. For one in another protocol it reads only the protocol: the rest may differ. */
export const openRequest: Shape<OpenRequest | OtherRequest> = (said, place) => {
  if (!isRecord(said) || said['protocol'] === NODE_PROTOCOL) return ours(said, place)
  return { protocol: count(Object.hasOwn(said, 'protocol') ? said['protocol'] : undefined, `${place}.protocol`) }
}
