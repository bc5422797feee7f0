import { createRequire } from 'node:module'
import { inRootContext } from '@zera/core/internal'
import type * as Pino from 'pino'
import type { LogSink } from '../model/log.js'
import { fieldsOf } from './fields.js'
import { jsonSink } from './json-sink.js'
import { lineWriter } from './write-line.js'

const STDOUT = 1
/** For lines that the system writes by itself: standard output belongs to the program. */
const STDERR = 2

/** Loads pino, or says that it is not installed. */
export type RequirePino = () => typeof Pino | undefined

/**
 * Pino if it is installed, or else lines like pino's. A thread looks for pino with its first line, so that threads that
 * log nothing do not wait for it.
 */
export function defaultSink(
  requirePino: RequirePino = findPino,
  descriptor = STDOUT,
  descriptorOfEvents = STDERR,
): LogSink {
  const sinks = new Map<number, LogSink>()
  return line => {
    const to = line.event === undefined ? descriptor : descriptorOfEvents
    const sink = sinks.get(to) ?? inRootContext(() => createSink(requirePino, lineWriter(to)))
    sinks.set(to, sink)
    sink(line)
  }
}

function createSink(requirePino: RequirePino, write: (text: string) => void): LogSink {
  try {
    const pino = requirePino()
    return pino === undefined ? jsonSink(write) : pinoSink(pino, write)
  } catch {
    // It is installed but does not work. Writing the line matters more than using pino.
    return jsonSink(write)
  }
}

function pinoSink({ pino }: typeof Pino, write: (text: string) => void): LogSink {
  // Pino's own destinations hold lines back for a moment, or drop what a full pipe does not take.
  const formatted: string[] = []
  const logger = pino({ level: 'trace', timestamp: false }, { write: text => void formatted.push(text) })
  const plain = jsonSink(text => void formatted.push(text))
  return line => {
    const { level, timeMs, text, host, actor, data, event } = line
    try {
      logger[level]({ time: timeMs, host, actor, event, ...fieldsOf(data) }, text)
    } catch {
      // Logged values can be odder than pino expects: write the line all the same.
      plain(line)
    }
    for (const each of formatted.splice(0)) write(each)
  }
}

function findPino(): typeof Pino | undefined {
  try {
    return createRequire(import.meta.url)('pino') as typeof Pino
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
