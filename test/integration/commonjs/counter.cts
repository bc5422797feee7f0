import url = require('node:url')
import actors = require('@zera/actors')

class Counter {
  #count = 0

  add(by: number): number {
    return (this.#count += by)
  }
}

// What compilers write for `export default`.
exports.default = actors.defineActor(url.pathToFileURL(__filename).href, Counter)
