import { LineBudget, systemClock } from '@zera/core/internal'
import { defaultSink } from '../../log/default-sink.js'
import type { LogSink } from '../../model/log.js'

/**
 * Lines of what goes wrong in all simulations of this thread, in 10 s of real time: a storm of a thousand seeds has a
 * hundred thousand.
 */
const budget = new LineBudget({ perKind: 5, perSpan: 20, spanMs: 10_000 })
const write = defaultSink()

/** The default sink for the lines of simulated systems. */
export const simulatedSink: LogSink = line => {
  const leftOut = line.event === undefined ? 0 : budget.take(line.event, systemClock.now())
  if (leftOut !== undefined) write(leftOut === 0 ? line : { ...line, data: { ...line.data, leftOut } })
}
