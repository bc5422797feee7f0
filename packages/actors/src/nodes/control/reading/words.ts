import { isError, parseEndpoint, toError, type DownReason, type Endpoint } from '@zera/core/internal'
import type { LinkRefusal } from '../../../model/errors.js'
import { count, maybe, oneOf, record, refuse, text, whole, type Shape } from './shape.js'

const MAX_NAME_CHARS = 4096
/** A module may be a data URL. */
const MAX_URL_CHARS = 1024 * 1024
const MAX_PROBLEM_CHARS = 64 * 1024
const MAX_ENDPOINT_CHARS = 1024

/** Names of systems, sessions and links: 128 random bits, which cannot be guessed. */
export const token = text(32, /^[0-9a-f]{32}$/)

/** Names of threads, for people. */
export const name = text(MAX_NAME_CHARS)

export const url = text(MAX_URL_CHARS)

/** Why something was not done, for people. */
export const problem = text(MAX_PROBLEM_CHARS)

/** Numbers of hosts. */
export const host = whole(0, 2 ** 31 - 1)

/** Numbers of links, and of the lives of a thread. */
export const incarnation = whole(0)

/** A CURVE key as text. Its user refuses a text that has the right characters but is not a key. */
export const curveKey = text(40, /^[0-9A-Za-z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/)

export const downReason: Shape<DownReason> = oneOf(
  'stopped',
  'killed',
  'exited',
  'threw',
  'heap-limit',
  'memory-limit',
  'crashed',
  'unreachable',
)

/** Where a thread of another process is reached. */
export const remoteEndpoint: Shape<Endpoint> = (said, place) => {
  const endpoint = text(MAX_ENDPOINT_CHARS, /^(tcp|ipc):\/\/[^\0]+$/)(said, place)
  try {
    return parseEndpoint(endpoint)
  } catch {
    return refuse(place, 'no endpoint')
  }
}

/** An error that is safe to show. */
export const error: Shape<Error> = (said, place) => {
  if (!isError(said)) return refuse(place, 'no error')
  // Decoded data has no functions: an own `toString` would make a conversion to text throw unexpectedly.
  if (Object.hasOwn(said, 'toString')) return refuse(place, 'an error that cannot be shown')
  return toError(said)
}

/** Why there is no link. */
export const linkRefusal: Shape<LinkRefusal> = record<LinkRefusal>({ problem, open: maybe(count), limit: maybe(count) })
