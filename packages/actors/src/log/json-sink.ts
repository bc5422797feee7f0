import { hostname } from 'node:os'
import { inspect } from 'node:util'
import type { LogLevel, LogLine, LogSink } from './logger.js'

/** The numbers by which pino and bunyan call levels. */
export const LEVEL_NUMBERS: Readonly<Record<LogLevel, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50 }

const ORIGIN = { pid: process.pid, hostname: hostname() }

/** Writes lines as pino does, where that is not installed. */
export function jsonSink(write: (text: string) => void): LogSink {
  return line => write(`${textOf(line)}\n`)
}

function textOf({ level, timeMs, text, host, actor, data }: LogLine): string {
  const line = { level: LEVEL_NUMBERS[level], time: timeMs, ...ORIGIN, host, actor, ...data, msg: text }
  try {
    return JSON.stringify(line, (_key, value: unknown) => (value instanceof Error ? errorOf(value) : typeof value === 'bigint' ? String(value) : value))
  } catch {
    // It goes in circles, or one of its getters throws: the line shall be written all the same.
    return JSON.stringify({ ...line, ...Object.fromEntries(Object.keys(data ?? {}).map(key => [key, inspect(data?.[key])])) })
  }
}

function errorOf(error: Error): object {
  const { name, message, stack, cause } = error
  return Object.assign({}, error, { type: name, message, stack, cause })
}
