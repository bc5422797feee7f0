// What all forms have in common. FORM says which is wanted.
import zera from '../zera-entries.js'

export const FORM = process.env.FORM
export const isCommonJs = FORM === 'CommonJS'
export const isMinified = FORM === 'minified'
export const external = FORM === 'bundled in' ? ['zeromq', 'piscina'] : [/^@zera\//]

const split = { main: 'src/unguarded.ts', counter: 'src/counter.ts', sum: 'src/sum.ts' }

/** The entries of the bundle. */
export const entries = { split, 'bundled in': { ...split, ...zera }, unguarded: { main: 'src/unguarded.ts' } }[
  FORM
] ?? {
  main: 'src/main.ts',
}
