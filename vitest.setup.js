// What a system writes of its own accord about what goes wrong is what most tests do on purpose: it would hide what vitest says. Children and threads write as ever.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const STDERR = 2
const { writeSync } = fs

fs.writeSync = (descriptor, data, ...rest) =>
  descriptor === STDERR && /^\{"level":.*"event":"/.test(typeof data === 'string' ? data : Buffer.from(data).toString())
    ? Buffer.byteLength(data)
    : writeSync(descriptor, data, ...rest)
syncBuiltinESMExports()
