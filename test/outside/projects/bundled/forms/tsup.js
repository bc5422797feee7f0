import { entries, external, FORM, isCommonJs, isMinified } from './form.js'

export default {
  entry: entries,
  silent: true,
  minify: isMinified,
  sourcemap: isMinified,
  external,
  noExternal: FORM === 'bundled in' ? [/^@zera\//] : [],
  ...(isCommonJs ? { format: 'cjs', shims: true } : { format: 'esm' }),
}
