import { guarded, type Streamed } from '@zera/core/internal'

/** Why a call to a generator method by `tell` or `ask` is in vain, in words. */
export function onlyStreamed(method: string): string {
  return `it is a generator method, which only a reader runs; read it: ref.stream.${method}()`
}

/** Why a method that is no generator cannot be streamed, in words. */
export function neverStreamed(method: string): string {
  return `it has run, and is no generator method, so there is nothing to stream; ask it: ref.ask.${method}()`
}

/** Ends a generator that nothing will read. Nothing of it has run. */
export function dropStreamed(value: Streamed): void {
  guarded(() => {
    const ended: unknown = value.return?.()
    if (ended instanceof Promise) ended.catch(() => undefined)
  })
}
