import type { Report } from '../control.js'
import { downReport } from './down-report.js'
import { byName, maybe, oneOf, record, type Shape } from './shape.js'
import { curveKey, error, host, incarnation, linkRefusal, problem, remoteEndpoint } from './words.js'

type SignalReport = Extract<Report, { readonly kind: 'signal' }>

/** What a host signals to the system's main thread, by name, and the data of each. */
const SIGNALS: Readonly<Record<SignalReport['signal'], Shape<unknown>>> = {
  introduce: record({ peer: host }),
  keyed: record({ link: incarnation, publicKey: curveKey }),
  admitted: record({ link: incarnation }),
  faulted: record({ peer: host, link: incarnation, problem }),
  sever: record({ peer: host, link: incarnation, refusal: linkRefusal }),
}

const anySignal = record<SignalReport>({
  kind: oneOf('signal'),
  thread: host,
  signal: oneOf(...(Object.keys(SIGNALS) as (keyof typeof SIGNALS)[])),
  data: said => said,
})

const signal: Shape<SignalReport> = (said, place) => {
  const report = anySignal(said, place)
  return { ...report, data: SIGNALS[report.signal](report.data, `${place}.data`) }
}

/** What a node says to a system within a session. */
export const report: Shape<Report> = byName<'kind', Report>('kind', {
  started: record({ kind: oneOf('started'), thread: host, endpoint: remoteEndpoint, doorKey: maybe(curveKey) }),
  failed: record({ kind: oneOf('failed'), thread: host, error }),
  signal,
  down: record({ kind: oneOf('down'), thread: host, down: downReport }),
  closed: record({ kind: oneOf('closed') }),
})
