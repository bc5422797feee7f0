import type { RemoteSecurity, RemoteTerms } from '@zera/core'
import { maybe, oneOf, record, type Shape } from './shape.js'
import { curveKey, incarnation, name, remoteEndpoint, token } from './words.js'

const security = record<RemoteSecurity>({ curvePublicKey: maybe(curveKey), curveSecretKey: maybe(curveKey), curveServerKey: maybe(curveKey) })

/** What a side of a link is told. */
export const remoteTerms: Shape<RemoteTerms> = record<RemoteTerms>({ name, incarnation, token, role: oneOf('bind', 'connect'), endpoint: remoteEndpoint, security })
