import url = require('node:url')
import actors = require('@zera/actors')

class Hidden {
  add(by: number): number {
    return by
  }
}

// Node finds no name in this text, so `import()` has it under `default` alone.
const all = { hidden: actors.defineActor(url.pathToFileURL(__filename).href, Hidden) }
export = all
