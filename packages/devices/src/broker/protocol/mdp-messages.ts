import type { Frame } from '@zera/core'
import { CLIENT_COMMANDS, headerOf, WORKER_COMMANDS, type MdpVersion } from './mdp.js'

/** What the broker sends to a worker besides requests, as its ROUTER sends it. */
export function toWorker(address: Buffer, version: MdpVersion, command: 'heartbeat' | 'disconnect'): Frame[] {
  return [address, ...workerHead(version, command)]
}

/**
 * A request as the broker sends it to a worker. The worker returns the address of the client with its reply; it need
 * not be the real one.
 */
export function requestToWorker(address: Buffer, version: MdpVersion, client: Frame, body: readonly Buffer[]): Frame[] {
  return [address, ...workerHead(version, 'request'), client, '', ...body]
}

/** A reply as the broker sends it to a client, back along the path of its request. There are no partial ones in 0.1. */
export function toClient(
  envelope: readonly Buffer[],
  version: MdpVersion,
  service: string,
  body: readonly Frame[],
  isFinal: boolean,
): Frame[] {
  if (version === '0.1') return [...envelope, '', 'MDPC01', service, ...body]
  return [...envelope, 'MDPC02', byte(isFinal ? CLIENT_COMMANDS.final : CLIENT_COMMANDS.partial), service, ...body]
}

/** A request as a client's DEALER sends it. */
export function clientRequest(version: MdpVersion, service: string, body: readonly Frame[]): Frame[] {
  return version === '0.1'
    ? ['', 'MDPC01', service, ...body]
    : ['MDPC02', byte(CLIENT_COMMANDS.request), service, ...body]
}

/** What a worker's DEALER sends besides replies. */
export function fromWorker(version: MdpVersion, command: 'heartbeat' | 'disconnect'): Frame[] {
  return workerHead(version, command)
}

/** How a worker registers. */
export function workerReady(version: MdpVersion, service: string): Frame[] {
  return [...workerHead(version, 'ready'), service]
}

/**
 * A worker's reply.
 *
 * @throws {RangeError} For a partial one in 0.1, which has none.
 */
export function workerReply(version: MdpVersion, client: Buffer, body: readonly Frame[], isFinal: boolean): Frame[] {
  if (isFinal) return [...workerHead(version, 'final'), client, '', ...body]
  if (version === '0.1')
    throw new RangeError(
      'Cannot send a partial reply: the Majordomo Protocol 0.1 has none; start the worker with version 0.2',
    )
  return [...workerHead(version, 'partial'), client, '', ...body]
}

function workerHead(version: MdpVersion, command: keyof (typeof WORKER_COMMANDS)['0.2']): Frame[] {
  const code = (WORKER_COMMANDS[version] as Record<string, number>)[command] as number
  return version === '0.1' ? ['', headerOf('worker', version), byte(code)] : [headerOf('worker', version), byte(code)]
}

function byte(code: number): string {
  return String.fromCharCode(code)
}
