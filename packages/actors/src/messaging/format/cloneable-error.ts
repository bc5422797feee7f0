import { encodeValues, isError, toError } from '@zera/core/internal'

/**
 * What was thrown as it can travel: itself, or, when its cause or its data cannot be copied, an error of the same name,
 * text and stack without them; or one that says what was thrown, when that cannot be read. It never throws.
 */
export function cloneable<E>(thrown: E): E | Error {
  const error = isError(thrown) ? toError(thrown) : thrown
  if (isCloneable(error)) return error
  const { name, message, stack, code } = toError(thrown) as NodeJS.ErrnoException
  const copy = Object.assign(new Error(message), { name }, code === undefined ? {} : { code })
  if (stack !== undefined) copy.stack = stack
  return isCloneable(copy) ? copy : new Error(message)
}

function isCloneable(value: unknown): boolean {
  try {
    encodeValues([value])
    return true
  } catch {
    return false
  }
}
