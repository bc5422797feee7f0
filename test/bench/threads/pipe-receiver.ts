import type { AttachedThread } from '@zera/core'

/** Receives so many binaries, and answers once. */
export default async function receive(thread: AttachedThread): Promise<void> {
  thread.ready()
  for (let left = thread.data as number; left > 0; left--) await thread.pipe.receive()
  thread.pipe.send('all')
}
