import type { AttachedThread } from '@zera/core'

/** Does nothing until it is asked to stop. */
export default function idle(thread: AttachedThread): Promise<void> {
  thread.ready()
  return new Promise(resolve => thread.stopping.addEventListener('abort', () => resolve()))
}
