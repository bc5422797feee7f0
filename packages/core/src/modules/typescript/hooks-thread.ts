// The module of hooks that Node runs in a thread of its own, where it has no others.
export { load, resolve } from './hooks.js'
