import diagnostics from 'node:diagnostics_channel'
import { openSync, writeSync } from 'node:fs'

// What the server had begun and finished, in a file, since it may end by a signal.
const file = openSync('account.txt', 'w')
let [begun, finished] = [0, 0]
const note = () => writeSync(file, `${begun} ${finished}`.padEnd(40), 0)
diagnostics.subscribe('http.server.request.start', () => {
  begun += 1
  note()
})
diagnostics.subscribe('http.server.response.finish', () => {
  finished += 1
  note()
})
note()
