import url = require('node:url')
import actors = require('@zera/actors')

function square(of: number): number {
  return of * of
}

exports.default = actors.defineJob(url.pathToFileURL(__filename).href, square)
