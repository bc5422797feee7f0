import { describeValue, isError } from '@zera/core'
import { hostname } from 'node:os'
import type { LogData, LogLevel, LogLine, LogSink } from './logger.js'

/** The numbers by which pino and bunyan call levels. */
export const LEVEL_NUMBERS: Readonly<Record<LogLevel, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50 }

const ORIGIN = { pid: process.pid, hostname: hostname() }

/** Writes lines as pino does, where that is not installed. */
export function jsonSink(write: (text: string) => void): LogSink {
  return line => write(`${textOf(line)}\n`)
}

function textOf({ level, timeMs, text, host, actor, data }: LogLine): string {
  const origin = { level: LEVEL_NUMBERS[level], time: timeMs, ...ORIGIN, host, actor }
  try {
    return JSON.stringify({ ...origin, ...data, msg: text }, (_key, value: unknown) => (isError(value) ? errorOf(value) : typeof value === 'bigint' ? String(value) : value))
  } catch {
    // It goes in circles, or one of its getters throws: the line shall be written all the same.
    return JSON.stringify({ ...origin, ...textsOf(data), msg: typeof text === 'string' ? text : describeValue(text) })
  }
}

function textsOf(data: LogData | undefined): Record<string, string> {
  try {
    return Object.fromEntries(Object.keys(data ?? {}).map(key => [key, textAt(data, key)]))
  } catch {
    return { data: describeValue(data) }
  }
}

function textAt(data: LogData | undefined, key: string): string {
  try {
    return describeValue(data?.[key])
  } catch {
    return 'it cannot be read'
  }
}

function errorOf(error: Error): object {
  const { name, message, stack, cause } = error
  return Object.assign({}, error, { type: name, message, stack, cause })
}
