import type { RemoteTerms } from '@zera/core/internal'
import { maybe, oneOf, record, type Shape } from './shape.js'
import { curveKey, incarnation, name, remoteEndpoint, token } from './words.js'

/** What a side of a link is told. */
export const remoteTerms: Shape<RemoteTerms> = record<RemoteTerms>({
  name,
  incarnation,
  token,
  role: oneOf('bind', 'connect'),
  endpoint: remoteEndpoint,
  doorKey: maybe(curveKey),
})
