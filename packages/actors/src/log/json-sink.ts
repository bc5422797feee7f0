import { hostname } from 'node:os'
import { describeValue, isError } from '@zera/core/internal'
import type { LogLevel, LogLine, LogSink } from '../model/log.js'
import { fieldsOf } from './fields.js'

/** The numbers that pino and bunyan use for levels. */
const LEVEL_NUMBERS: Readonly<Record<LogLevel, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50 }

const ORIGIN = { pid: process.pid, hostname: hostname() }

/** Writes lines as pino does, for programs without pino. */
export function jsonSink(write: (text: string) => void): LogSink {
  return line => write(`${textOf(line)}\n`)
}

function textOf({ level, timeMs, text, host, actor, data, event }: LogLine): string {
  const line: Record<string, unknown> = {
    level: LEVEL_NUMBERS[level],
    time: timeMs,
    ...ORIGIN,
    host,
    actor,
    event,
    ...fieldsOf(data),
    msg: text,
  }
  // A line is no object that says itself how it is written.
  if (Object.hasOwn(line, 'toJSON')) line['toJSON'] = undefined
  try {
    return JSON.stringify(line, replaced)
  } catch {
    // It is circular, or something in it throws: write the line all the same.
    return JSON.stringify(Object.fromEntries(Object.entries(line).map(([key, value]) => [key, writable(value)])))
  }
}

/** A value as it is, if JSON can represent it. */
function writable(value: unknown): unknown {
  try {
    const text = JSON.stringify(value, replaced) as string | undefined
    return text === undefined ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return describeValue(value)
  }
}

function replaced(_key: string, value: unknown): unknown {
  return isError(value) ? errorOf(value) : typeof value === 'bigint' ? String(value) : value
}

function errorOf(error: Error): object {
  const { name, message, stack, cause } = error
  return Object.assign({}, error, { type: name, message, stack, cause })
}
