import type { RemoteTerms } from '@zera/core/internal'
import { maybe, oneOf, record, type Shape } from './shape.js'
import { curveKey, incarnation, name, remoteEndpoint, token } from './words.js'

/** The terms that a side of a link gets. */
export const remoteTerms: Shape<RemoteTerms> = record<RemoteTerms>({
  name,
  incarnation,
  token,
  role: oneOf('bind', 'connect'),
  endpoint: remoteEndpoint,
  doorKey: maybe(curveKey),
})
