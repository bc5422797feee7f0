import { openSocket, type AttachedThread } from '@zera/core'

/** A step of mtrelay: waits for the signal of the step before, if there is one, and signals the next. */
export default async function step(thread: AttachedThread): Promise<void> {
  const { from, to } = thread.data as { from?: string; to: string }
  await using previous = await openSocket('PAIR')
  await using next = await openSocket('PAIR')
  if (from !== undefined) await previous.bind(from)
  await next.connect(to)
  thread.ready()

  if (from !== undefined) await previous.receive({ signal: thread.stopping })
  console.log(`mtrelay: ${thread.name} is ready`)
  await next.send('READY')
}
