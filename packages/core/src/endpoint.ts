import { threadId } from 'node:worker_threads'
import { EndpointError } from './errors.js'
import { copyNumber } from './this-thread.js'

/** A place that a socket binds or connects to. Threads of one process meet on `inproc://`. */
export type Endpoint = `${'inproc' | 'ipc' | 'tcp'}://${string}`

const SHAPE = /^(inproc|ipc|tcp):\/\/(.+)$/
const MAX_NAME_CHARS = 255
/** Characters that end a text or a line for somebody: behind a NUL, ZeroMQ and the operating system look at nothing. */
// oxlint-disable-next-line no-control-regex -- They are what it looks for.
const CONTROL = /[\u0000-\u001f\u007f\u2028\u2029]/g

let made = 0

/**
 * Makes an inproc endpoint that no other socket of this process has used or will use, those of other copies of this package included.
 *
 * Every incarnation of a thread gets its own: a PAIR endpoint cannot be taken over, and a closed one is not free at
 * once (hazards H4, H5).
 */
export function freshEndpoint(name: string): Endpoint {
  made += 1
  return `inproc://zera/${threadId}/${copyNumber}/${made}/${name.slice(0, 64).replaceAll(CONTROL, '-')}`
}

/**
 * Checks the text of an endpoint.
 *
 * @throws {EndpointError} When the transport is not inproc, ipc or tcp, or the address after it cannot be one.
 */
export function parseEndpoint(text: string): Endpoint {
  const [, transport, address] = SHAPE.exec(text) ?? []
  if (transport === undefined || address === undefined) {
    throw new EndpointError(text, 'its transport is unknown; write inproc://name, ipc://path or tcp://host:port')
  }
  if (address.search(CONTROL) >= 0) throw new EndpointError(text, 'it has a control character, such as NUL; leave it out')
  if (transport === 'inproc' && address.length > MAX_NAME_CHARS) {
    throw new EndpointError(text, `its name has ${address.length} characters (limit ${MAX_NAME_CHARS})`)
  }
  if (transport === 'tcp' && !/:(\d+|\*)$/.test(address)) {
    throw new EndpointError(text, 'it has no port; write tcp://host:port, or * as the port to bind any free one')
  }
  return text as Endpoint
}
