import { openSocket, type AttachedThread } from '@zera/core'
import { received } from './stage.js'

/** One of the threads of mtserver. */
export default async function mtworker(thread: AttachedThread): Promise<void> {
  await using server = await openSocket('REP')
  await server.connect(thread.data as string)
  thread.ready()

  for await (const [request] of received(server, thread.stopping)) {
    console.log(`${thread.name}: received ${String(request)}`)
    await server.send('World')
  }
}
