import types = require('node:util/types')

/** The default export of a thread, a process, a server, a container, or a sink of log lines. */
exports.default = (given: { ready?(): void }): unknown => {
  if (!types.isProxy(given)) given.ready?.()
  return given
}
