import { encodeValues, isError, toError } from '@zera/core/internal'

/**
 * Makes a thrown value fit to travel: the value itself, or, if its cause or data cannot be copied, an error with the
 * same name, text and stack without them. If it cannot be read, an error that describes it. It never throws.
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
