import { CLIENT_COMMANDS, commandAt, headerAt, WORKER_COMMANDS, type MdpVersion } from './mdp.js'

/** A message of a broker to a worker. */
export type WorkerMessage =
  | { readonly kind: 'request'; readonly client: Buffer; readonly body: Buffer[] }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'disconnect' }

/** Reads what a worker's DEALER has received; undefined when it does not follow that version of the protocol. */
export function readWorkerMessage(frames: readonly Buffer[], version: MdpVersion): WorkerMessage | undefined {
  const at = version === '0.1' ? 1 : 0
  const header = headerAt(frames, at)
  if (header?.role !== 'worker' || header.version !== version || (at === 1 && frames[0]?.length !== 0)) return undefined
  const { request, heartbeat, disconnect } = WORKER_COMMANDS[version]
  const [client, empty, ...body] = frames.slice(at + 2)
  switch (commandAt(frames, at + 1)) {
    case request:
      return client === undefined || empty?.length !== 0 ? undefined : { kind: 'request', client, body }
    case heartbeat:
      return { kind: 'heartbeat' }
    case disconnect:
      return { kind: 'disconnect' }
    default:
      return undefined
  }
}

/**
 * Reads the reply that a client's DEALER has received; undefined when it does not follow that version of the protocol,
 * or is of another service.
 */
export function readClientReply(
  frames: readonly Buffer[],
  version: MdpVersion,
  service: string,
): { readonly body: Buffer[]; readonly isFinal: boolean } | undefined {
  const header = headerAt(frames, version === '0.1' ? 1 : 0)
  const isPartial = version === '0.2' && commandAt(frames, 1) === CLIENT_COMMANDS.partial
  const isFinal = version === '0.1' ? frames[0]?.length === 0 : commandAt(frames, 1) === CLIENT_COMMANDS.final
  if (header?.role !== 'client' || header.version !== version || !(isPartial || isFinal) || !isText(frames[2], service))
    return undefined
  return { body: frames.slice(3), isFinal }
}

/** Whether a frame is a text, of which it may be much larger. */
function isText(frame: Buffer | undefined, text: string): boolean {
  return frame !== undefined && frame.length === Buffer.byteLength(text) && frame.toString() === text
}
