import type { RemoteTerms } from '@zera/core/internal'
import { LOG_LEVELS, type LogOptions } from '../../../model/log.js'
import type { PeerDown, Redelivery } from '../../../platform/peer-down.js'
import type { Order, StartOptions } from '../control.js'
import { remoteAccount } from './down-report.js'
import { byName, flag, list, maybe, number, oneOf, pair, record, refuse, type Shape } from './shape.js'
import { curveKey, downReason, host, incarnation, linkRefusal, name, remoteEndpoint, token, url } from './words.js'

const MAX_ACTORS = 1_000_000
const MAX_MODULES = 10_000

type SignalOrder = Extract<Order, { readonly kind: 'signal' }>

const peer = record<{ readonly peer: number }>({ peer: host })

const redelivery: Shape<Redelivery> = record<Redelivery>({
  actors: list(pair(incarnation, number(0, Infinity)), MAX_ACTORS),
  keepsUnbegun: flag,
})

/** The terms that a side of a link gets. */
const remoteTerms: Shape<RemoteTerms> = record<RemoteTerms>({
  name,
  incarnation,
  token,
  role: oneOf('bind', 'connect'),
  endpoint: remoteEndpoint,
  doorKey: maybe(curveKey),
})

const logOptions = record<LogOptions>({ level: maybe(oneOf(...LOG_LEVELS)), sink: maybe(url) })

/** The start options of a thread. Unusable options are reported as any failed start. */
const startOptions: Shape<StartOptions> = record<StartOptions>({
  isSpare: flag,
  modules: list(url, MAX_MODULES),
  name,
  incarnation,
  startMs: number(0, Infinity),
  maxHeapMb: maybe(number(0, Infinity)),
  container: maybe(url),
  log: (said, place) => (said === false ? false : maybe(logOptions)(said, place)),
})

/** What the system's main thread signals to a host, by name, and the data of each. */
const SIGNALS: Readonly<Record<SignalOrder['signal'], Shape<unknown>>> = {
  assume: host,
  preload: record<{ readonly url: string }>({ url }),
  linked: peer,
  admitted: record<{ readonly peer: number; readonly link: number }>({ peer: host, link: incarnation }),
  severed: record({ peer: host, link: incarnation, refusal: linkRefusal }),
  down: record<{ readonly peer: number } & Pick<PeerDown, 'reason' | 'redelivery' | 'account'>>({
    peer: host,
    reason: downReason,
    redelivery: maybe(redelivery),
    account: maybe(remoteAccount),
  }),
  gone: peer,
}

const anySignal = record<SignalOrder>({
  kind: oneOf('signal'),
  thread: host,
  signal: oneOf(...(Object.keys(SIGNALS) as (keyof typeof SIGNALS)[])),
  data: said => said,
  terms: maybe(remoteTerms),
})

const signal: Shape<SignalOrder> = (said, place) => {
  const order = anySignal(said, place)
  if ((order.signal === 'linked') !== (order.terms !== undefined))
    refuse(`${place}.terms`, 'there without a link, or missing')
  return { ...order, terms: order.terms, data: SIGNALS[order.signal](order.data, `${place}.data`) }
}

/** What a system says to a node within a session. */
export const order: Shape<Order> = byName<'kind', Order>('kind', {
  start: record({ kind: oneOf('start'), thread: host, options: startOptions }),
  signal,
  stop: record({ kind: oneOf('stop'), thread: host, timeoutMs: number(0, Infinity) }),
  kill: record({ kind: oneOf('kill'), thread: host }),
  admit: record({ kind: oneOf('admit'), thread: host, link: incarnation, publicKey: curveKey }),
  dismiss: record({ kind: oneOf('dismiss'), thread: host, link: incarnation }),
  close: record({ kind: oneOf('close') }),
})
