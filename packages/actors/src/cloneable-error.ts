import { encodeValues } from '@zera/core'
import { inspect } from 'node:util'

/** An error as it can travel: itself, or, when its cause or its data cannot be copied, one of the same name, text and stack without them. */
export function cloneable<E>(error: E): E | Error {
  try {
    encodeValues([error])
    return error
  } catch {
    if (!(error instanceof Error)) return new Error(`A value was thrown that cannot be copied: ${inspect(error)}`)
    const copy = new Error(error.message)
    copy.name = error.name
    if (error.stack !== undefined) copy.stack = error.stack
    const { code } = error as NodeJS.ErrnoException
    return code === undefined ? copy : Object.assign(copy, { code })
  }
}
