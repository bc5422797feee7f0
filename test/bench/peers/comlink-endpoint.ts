import nodeAdapter from 'comlink/dist/umd/node-adapter.js'

/** What comlink talks through in Node. The module is the function itself, and its types say that it has a default. */
export const nodeEndpoint = nodeAdapter as unknown as typeof nodeAdapter.default
