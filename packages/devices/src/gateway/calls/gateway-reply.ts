import { isStreamed } from '@zera/core/internal'
import type { GatewayErrorReply } from './gateway-fault.js'
import type { RequestId } from './gateway-request.js'

/** Writes a value as a reply. Returns what is wrong with it when it cannot be one, whatever it is. It never throws. */
export function writeValue(
  id: RequestId,
  value: unknown,
  maxReplyBytes: number,
): { readonly text: string } | { readonly problem: string; readonly cause?: unknown } {
  if (isStreamed(value)) return { problem: 'the result is a stream, and a reply is one value' }
  let text: string
  try {
    const json = JSON.stringify(value ?? null) as string | undefined
    if (json === undefined) return { problem: 'the result is not JSON' }
    text = `{"id":${JSON.stringify(id)},"value":${json}}`
  } catch (cause) {
    // It is cyclic, too deep, too large for a string, has a bigint, or throws when it is looked at.
    return { problem: 'the result is not JSON', cause }
  }
  const sizeBytes = Buffer.byteLength(text)
  return sizeBytes > maxReplyBytes
    ? { problem: `the result has ${sizeBytes} bytes (limit ${maxReplyBytes})` }
    : { text }
}

/** Writes an error as a reply. */
export function writeError(id: RequestId, error: GatewayErrorReply): string {
  return JSON.stringify({ id, error })
}
