// What a system writes of its own accord about what goes wrong is what most tests do on purpose: it would hide what vitest says. Children and threads write as ever.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const STDERR = 2
const { writeSync } = fs

fs.writeSync = (descriptor, text, ...rest) =>
  descriptor === STDERR && typeof text === 'string' && /^\{"level":.*"event":"/.test(text)
    ? Buffer.byteLength(text)
    : writeSync(descriptor, text, ...rest)
syncBuiltinESMExports()
