import type { AttachedThread } from '@zera/core'
import { Kind } from './kinds.js'

export default async (thread: AttachedThread): Promise<void> => {
  thread.ready()
  for await (const value of thread.pipe) thread.pipe.send([value, Kind.Big])
}
