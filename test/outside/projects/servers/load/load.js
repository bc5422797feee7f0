import autocannon from 'autocannon'

/** Twenty keep-alive connections that ask on until each is refused. */
const [port] = process.argv.slice(2)
const CONNECTIONS = 20
const errors = {}
let answers = 0
const instance = autocannon(
  { url: `http://127.0.0.1:${port}/text`, connections: CONNECTIONS, duration: 60 },
  (_error, result) => {
    const statuses = Object.fromEntries(
      Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => [status, count]),
    )
    console.log(JSON.stringify({ statuses, errors }))
  },
)
instance.on('response', () => {
  answers += 1
  if (answers === 200) console.log('loaded')
})
instance.on('reqError', error => {
  errors[error.code ?? error.message] = (errors[error.code ?? error.message] ?? 0) + 1
  if (errors.ECONNREFUSED === CONNECTIONS * 2) instance.stop()
})
