import { rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { makePrivateDirectory } from './private-directory.js'

/** How ZeroMQ is met. */
export interface ZeroMqMeeting {
  /** Has it connect to an endpoint. */
  connect(endpoint: string): Promise<void>
  met(inner: Socket): void
  failed(): void
}

/** Has ZeroMQ connect to this side, in a directory that is there for that moment alone. Returns what gives it up. */
export function meetZeroMq(meeting: ZeroMqMeeting): () => void {
  let directory: string
  try {
    directory = makePrivateDirectory() as string
  } catch {
    // No room for a directory: as little as for what the connection would need.
    meeting.failed()
    return () => undefined
  }
  const path = join(directory, 's')
  const server = createServer(inner => {
    clear()
    meeting.met(inner)
  })
  let isCleared = false
  const clear = (): void => {
    isCleared = true
    server.close()
    rmSync(directory, { recursive: true, force: true })
  }
  const fail = (): void => {
    clear()
    meeting.failed()
  }
  server.on('error', fail)
  server.listen(path, () => {
    if (!isCleared) void meeting.connect(`ipc://${path}`).catch(fail)
  })
  return clear
}
