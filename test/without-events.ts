const EVENT = /^\{"level":\d+,.*"event":".*\}\n/gm

/** What a program has written to stderr, without the lines of what goes wrong that its system writes there by itself. */
export function withoutEvents(stderr: string): string {
  return stderr.replaceAll(EVENT, '')
}
