import { exportOf, messageOf, toError } from '@zera/core/internal'
import { LogSinkError } from '../model/errors.js'
import { sinkOf, type LogOptions, type LogSink } from '../model/log.js'
import { importModule } from '../model/modules/import-module.js'
import { moduleHere } from '../model/modules/module-roots.js'
import { defaultSink } from './default-sink.js'

/**
 * Makes the sink of this thread, from a module of the user if there is one.
 *
 * @throws {LogSinkError} When it cannot be imported, or exports no function.
 */
export async function openSink(log: LogOptions | false | undefined): Promise<LogSink> {
  const module = sinkOf(log)
  if (module === undefined) return defaultSink()
  const url = module.toString()
  try {
    const sink = exportOf(await importModule(moduleHere(url)), 'default')
    if (typeof sink !== 'function')
      throw new TypeError('it has no function as its default export; a sink module exports (line) => { … }')
    return sink as LogSink
  } catch (error) {
    throw new LogSinkError(url, messageOf(error), { cause: toError(error) })
  }
}
