// The module that the observer's thread begins with. It is named here, since a bundle has all that starts one at its top.

/** Of the thread that shows a system. */
export const OBSERVER_THREAD = new URL('./serving/observer-thread.js', import.meta.url)
