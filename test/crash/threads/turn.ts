/** Resolves when the event loop has turned. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
