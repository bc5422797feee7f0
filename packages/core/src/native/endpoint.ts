import { threadId } from 'node:worker_threads'
import { EndpointError } from '../base/errors/errors.js'
import { MAX_NAME_CHARS, UNPRINTABLE } from '../base/values/expect-name.js'
import { copyNumber } from '../words/this-thread.js'

/** A place that a socket binds or connects to. Threads of one process meet on `inproc://`. */
export type Endpoint = `${'inproc' | 'ipc' | 'tcp'}://${string}`

const SHAPE = /^(inproc|ipc|tcp):\/\/(.+)$/
const MAX_PORT = 65_535
/** Behind a NUL, ZeroMQ and the operating system look at nothing. */
const ALL_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu')

let made = 0

/**
 * Makes an inproc endpoint that no other socket of this process has used or will use, including those of other copies
 * of this package.
 *
 * Every incarnation of a thread gets its own: a PAIR endpoint cannot be taken over, and a closed one is not free at
 * once (hazards H4, H5).
 */
export function freshEndpoint(name: string): Endpoint {
  made += 1
  return `inproc://zera/${threadId}/${copyNumber}/${made}/${name.slice(0, 64).replaceAll(ALL_UNPRINTABLE, '-')}`
}

/**
 * The most bytes that the path of a socket may have, without the one that ends it: `sun_path` of `struct sockaddr_un`
 * has 108 on Linux and Windows, and 104 on macOS and the BSDs. A connect to a longer one fails.
 */
export function maxSocketPathBytes(platform = process.platform): number {
  return platform === 'linux' || platform === 'win32' ? 107 : 103
}

/**
 * Checks the text of an endpoint.
 *
 * @throws {EndpointError} When the transport is not inproc, ipc or tcp, or the address after it cannot be one: a port
 *   beyond 65,535, no host, a path that is too long for a socket, a control character.
 */
export function parseEndpoint(text: string): Endpoint {
  const [, transport, address] = SHAPE.exec(text) ?? []
  if (transport === undefined || address === undefined) {
    throw new EndpointError(text, 'its transport is unknown; write inproc://name, ipc://path or tcp://host:port')
  }
  if (UNPRINTABLE.test(address))
    throw new EndpointError(
      text,
      'it has a control character, such as NUL, a line break, or half of a surrogate pair; leave it out',
    )
  if (transport === 'inproc' && address.length > MAX_NAME_CHARS) {
    throw new EndpointError(text, `its name has ${address.length} characters (limit ${MAX_NAME_CHARS})`)
  }
  if (transport === 'ipc') expectPath(text, address)
  if (transport === 'tcp') expectHostAndPort(text, address)
  return text as Endpoint
}

function expectPath(text: string, path: string): void {
  const [bytes, limit] = [Buffer.byteLength(path), maxSocketPathBytes()]
  if (bytes > limit)
    throw new EndpointError(text, `its path has ${bytes} bytes (limit ${limit}); use a shorter one, such as in /tmp`)
}

/** An address may come behind that of the source, and a semicolon. */
function expectHostAndPort(text: string, address: string): void {
  const places = address.split(';')
  const [, host, port] = /^(.*):(\d+|\*)$/.exec(places.at(-1) ?? '') ?? []
  if (port === undefined || host === undefined)
    throw new EndpointError(text, 'it has no port; write tcp://host:port, or * as the port to bind any free one')
  if (Number(port) > MAX_PORT)
    throw new EndpointError(text, `its port is ${port}; write one from 0 to ${MAX_PORT}, or * to bind any free one`)
  for (const each of [...places.slice(0, -1), host]) {
    if (each === '' || each.length > MAX_NAME_CHARS || /[\s/]/.test(each))
      throw new EndpointError(
        text,
        'it has no host, or one that cannot be; write tcp://host:port, or * as the host to bind all interfaces',
      )
  }
  if (places.length > 2)
    throw new EndpointError(text, 'it has more than one address of a source; write tcp://source;host:port')
}
