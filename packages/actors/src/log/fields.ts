import { describeValue } from '@zera/core/internal'
import type { LogData } from '../model/log.js'

/** The fields of a line, all of them readable: a text replaces a field that cannot be read. Never throws. */
export function fieldsOf(data: LogData | undefined): Record<string, unknown> {
  try {
    return { ...data }
  } catch {
    return readOneByOne(data as LogData)
  }
}

function readOneByOne(data: LogData): Record<string, unknown> {
  try {
    return Object.fromEntries(Object.keys(data).map(key => [key, readField(data, key)]))
  } catch {
    // It is a proxy, which reveals nothing.
    return { data: describeValue(data) }
  }
}

function readField(data: LogData, key: string): unknown {
  try {
    return data[key]
  } catch {
    return '[cannot be read]'
  }
}
