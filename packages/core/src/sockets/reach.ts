import { parseEndpoint } from '../native/endpoint.js'

/**
 * Which peers can reach a socket that is bound without keys: threads of this process, processes of this user, every
 * process of this machine, or other machines as well.
 */
export type Reach = 'process' | 'user' | 'machine' | 'network'

/**
 * 127.0.0.0/8 and ::1 as numbers, and nothing else: a name means what a resolver says, and an interface may have
 * addresses of more than one kind.
 */
const LOOPBACK = /^tcp:\/\/(127(\.\d{1,3}){3}|\[::1\]):(\d+|\*)$/

/**
 * Which peers can reach an endpoint that is bound without keys. Without proof of less it is `'network'`: names such as
 * `localhost` and interfaces such as `lo`, shortened addresses, and those that come with an address of the source.
 *
 * A path of `ipc://` is for processes of this user and of root, as `bind` sees to it, and so is a name behind `@` on
 * Linux.
 *
 * @throws {EndpointError}
 */
export function reachOf(endpoint: string): Reach {
  const checked = parseEndpoint(endpoint)
  if (checked.startsWith('inproc:')) return 'process'
  if (checked.startsWith('ipc:')) return 'user'
  return LOOPBACK.test(checked) ? 'machine' : 'network'
}

/**
 * Whether an endpoint can be reached from this machine alone: inproc, ipc, and tcp with a number of the loopback
 * interface, 127.x.x.x or [::1].
 *
 * @throws {EndpointError}
 */
export function isLocal(endpoint: string): boolean {
  return reachOf(endpoint) !== 'network'
}
