/**
 * Returns the function that closes an HTTP server: it answers what it has, and closes each connection with its answer.
 * Call this before the first request.
 */
export function closer(server) {
  const responses = new Set()
  server.prependListener('request', (_request, response) => {
    responses.add(response)
    response.once('close', () => responses.delete(response))
    if (!server.listening) response.setHeader('connection', 'close')
  })
  return () =>
    new Promise(resolve => {
      server.close(() => resolve())
      for (const response of responses) if (!response.headersSent) response.setHeader('connection', 'close')
    })
}
