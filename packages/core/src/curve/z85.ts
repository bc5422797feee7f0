const CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

/**
 * Writes bytes as RFC 32/Z85 text: four bytes are five printable characters.
 *
 * @throws {RangeError} When their number
 * does not divide by four.
 */
export function encodeZ85(bytes: Uint8Array): string {
  if (bytes.length % 4 !== 0)
    throw new RangeError(`Cannot write ${bytes.length} bytes as Z85: their number must divide by 4`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let text = ''
  for (let at = 0; at < bytes.length; at += 4) {
    let value = view.getUint32(at)
    let five = ''
    for (let digit = 0; digit < 5; digit++) {
      five = CHARACTERS.charAt(value % 85) + five
      value = Math.floor(value / 85)
    }
    text += five
  }
  return text
}

/** Reads Z85 text; undefined when it is none. */
export function decodeZ85(text: string): Buffer | undefined {
  if (text.length % 5 !== 0) return undefined
  const bytes = Buffer.alloc((text.length / 5) * 4)
  for (let at = 0; at < text.length; at += 5) {
    let value = 0
    for (const character of text.slice(at, at + 5)) {
      const digit = CHARACTERS.indexOf(character)
      if (digit < 0) return undefined
      value = value * 85 + digit
    }
    if (value > 0xffff_ffff) return undefined
    bytes.writeUInt32BE(value, (at / 5) * 4)
  }
  return bytes
}
