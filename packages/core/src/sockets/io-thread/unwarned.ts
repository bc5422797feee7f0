/**
 * Sets what ZeroMQ heeds at once, though zeromq.js warns each time that it would not. It runs in the I/O thread, where
 * nothing else warns in the meantime.
 */
export function unwarned(set: () => void): void {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => undefined
  try {
    set()
  } finally {
    process.emitWarning = emitWarning
  }
}
