// The modules that threads and processes begin with. They are named here, since a bundle has all that starts one at its
// top.

/** Of a thread that `startThread` starts. */
export const THREAD_ENTRY = new URL('./thread/inside/thread-entry.js', import.meta.url)

/** Of a process that `startDetached` starts. */
export const PROCESS_ENTRY = new URL('./thread/inside/process-entry.js', import.meta.url)

/** Of the I/O thread, which `startThread` starts. */
export const IO_THREAD = new URL('./sockets/io-thread/io-thread.js', import.meta.url)

/** Of the hooks that load TypeScript, where Node runs hooks in a thread of their own. */
export const TYPESCRIPT_HOOKS = new URL('./modules/typescript/hooks-thread.js', import.meta.url)
