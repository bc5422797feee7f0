/** Bytes among options that travel as JSON. */
interface WrittenBytes {
  readonly base64: string
}

/** Writes options, so that they can be written as JSON. */
export function writeBytes<O extends object>(options: O): O {
  return mapValues(options, value =>
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
  )
}

/** Reads what `writeBytes` has written. */
export function readBytes<O extends object>(options: O): O {
  return mapValues(options, value => (isWritten(value) ? Buffer.from(value.base64, 'base64') : value))
}

function mapValues<O extends object>(options: O, change: (value: unknown) => unknown): O {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, change(value)])) as O
}

function isWritten(value: unknown): value is WrittenBytes {
  return typeof value === 'object' && value !== null && 'base64' in value
}
