import type { NodeRefusal } from '../../../model/errors.js'
import type { Bare } from '../control.js'
import { openRequest } from './open-request.js'
import { byName, count, isRecord, maybe, number, oneOf, record, refuse, text, whole, type Shape } from './shape.js'

const MAX_REASON_CHARS = 64 * 1024

const refusal: Shape<NodeRefusal> = byName<'why', NodeRefusal>('why', {
  protocol: record({ why: oneOf('protocol'), protocol: count }),
  busy: record({ why: oneOf('busy') }),
  threads: record({ why: oneOf('threads'), maxThreads: number(1, Infinity) }),
  limits: record({ why: oneOf('limits'), problem: text(MAX_REASON_CHARS) }),
})

const fields = record<Bare>({
  open: maybe(openRequest),
  opened: maybe(oneOf(true)),
  refused: maybe(refusal),
  beat: maybe(whole(1)),
  echo: maybe(count),
  rssBytes: maybe(count),
  ended: maybe(text(MAX_REASON_CHARS)),
})

/** A message outside the sequence. */
export const bare: Shape<Bare> = (said, place) => {
  if (isRecord(said) && Object.keys(said).length === 0) refuse(place, 'empty')
  return fields(said, place)
}
