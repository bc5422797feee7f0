import { LOG_LEVELS, type LogOptions } from '../../../model/log.js'
import type { StartOptions } from '../control.js'
import { flag, list, maybe, number, oneOf, record, type Shape } from './shape.js'
import { incarnation, name, url } from './words.js'

const MAX_MODULES = 10_000

/** The start options of a thread. Unusable options are reported as any failed start. */
export const startOptions: Shape<StartOptions> = record<StartOptions>({
  isSpare: flag,
  modules: list(url, MAX_MODULES),
  name,
  incarnation,
  startMs: number(0, Infinity),
  maxHeapMb: maybe(number(0, Infinity)),
  container: maybe(url),
  log: maybe(record<LogOptions>({ level: maybe(oneOf(...LOG_LEVELS)), sink: maybe(url) })),
})
