import type { AttachedThread } from '@zera/core'

/** Sends back what comes on its pipe. */
export default async function echo(thread: AttachedThread): Promise<void> {
  thread.ready()
  for await (const value of thread.pipe) thread.pipe.send(value)
}
