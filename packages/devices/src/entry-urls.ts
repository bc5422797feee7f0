// The modules that threads begin with. They are named here, since a bundle has all that starts one at its top.

/** Of a thread that `startServer` starts. */
export const SERVER_THREAD = new URL('./server/server-thread.js', import.meta.url)
