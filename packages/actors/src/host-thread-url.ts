/** The module of a thread that hosts actors. It is named here, since a bundle has all that starts one at its top. */
export const HOST_THREAD = new URL('./host/host-thread.js', import.meta.url)
