import { connect } from 'node:net'
import type { Chance } from '../chance.js'

/** ZMTP 3.1's greeting with the mechanism NULL, its READY of a DEALER, and a message of an empty frame and a text. */
const GREETING = Buffer.concat([
  Buffer.from('ff00000000000000017f0301', 'hex'),
  Buffer.from('NULL'.padEnd(20, '\0')),
  Buffer.alloc(32),
])
const READY = command(Buffer.concat([Buffer.from('\u0005READY\u000BSocket-Type\0\0\0\u0006DEALER', 'latin1')]))
const MESSAGE = Buffer.concat([Buffer.from([1, 0, 0, 5]), Buffer.from('hello')])
const LONGEST_MS = 100

/**
 * Speaks to an endpoint below ZeroMQ: what a peer says whose bytes are cut, flipped or of another version. Resolves
 * when the other side, or patience, has ended it.
 */
export function speakRaw(endpoint: string, chance: Chance): Promise<void> {
  const [host, port] = endpoint.slice('tcp://'.length).split(':') as [string, string]
  const bytes = spoilt(Buffer.concat([GREETING, READY, MESSAGE, MESSAGE]), chance)
  return new Promise(resolve => {
    const socket = connect(Number(port), host)
    socket.setTimeout(LONGEST_MS, () => socket.destroy())
    socket.on('error', () => undefined).on('close', () => resolve())
    socket.resume()
    socket.write(bytes, () => socket.end())
  })
}

function spoilt(bytes: Buffer, chance: Chance): Buffer {
  const kind = chance.below(4)
  if (kind === 0) return bytes.subarray(0, chance.below(bytes.length))
  if (kind === 1) return chance.bytes(chance.below(200))
  // Its version is behind the signature of ten bytes.
  if (kind === 2) bytes[10] = chance.below(256)
  else for (let flips = 1 + chance.below(4); flips > 0; flips--) bytes[chance.below(bytes.length)] = chance.below(256)
  return bytes
}

function command(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([4, body.length]), body])
}
