import { ZeraError } from '../base/errors/errors.js'

/** A message that the codec did not write: nothing of it was delivered. Both threads need the same version of Zera. */
export class MalformedMessageError extends ZeraError {
  override readonly name = 'MalformedMessageError'

  constructor(what: string, options?: ErrorOptions) {
    super(
      'ZERA_MALFORMED_MESSAGE',
      `Cannot read the message: ${what}; both threads need the same version of Zera`,
      options,
    )
  }
}

/** @throws {MalformedMessageError} When the fact does not hold. */
export function demand(fact: boolean, what: string): asserts fact {
  if (!fact) throw new MalformedMessageError(what)
}
