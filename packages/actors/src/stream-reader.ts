import { Queue } from '@zera/core'
import { STREAM_CREDIT } from './open-streams.js'

/** What a reader needs of its host. */
export interface StreamSource {
  /** Opens the stream. Resolves when it has ended, rejects with its error; aborting ends it at the actor. */
  open(item: (value: unknown) => void, signal: AbortSignal): Promise<unknown>
  /** Takes half of the credit again. */
  more(): void
}

/** Reads a stream: items come at the pace of the loop, and leaving the loop ends the generator at the actor. */
export async function* readStream(source: StreamSource): AsyncGenerator<unknown, void, void> {
  const items = new Queue<{ readonly value: unknown }>()
  const reader = new AbortController()
  let wake: (() => void) | undefined
  let end: { readonly error?: unknown } | undefined
  const opened = source.open(value => {
    items.add({ value })
    wake?.()
  }, reader.signal)
  opened.then(
    () => (end = {}),
    (error: unknown) => (end = { error }),
  ).finally(() => wake?.())
  let taken = 0
  try {
    for (;;) {
      const item = items.take()
      if (item !== undefined) {
        taken += 1
        if (taken % (STREAM_CREDIT / 2) === 0) source.more()
        yield item.value
      } else if (end === undefined) {
        await new Promise<void>(resolve => (wake = resolve))
      } else if ('error' in end) {
        throw end.error
      } else {
        return
      }
    }
  } finally {
    reader.abort(new Error('The reader has left the stream'))
  }
}
