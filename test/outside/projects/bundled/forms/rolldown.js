import { entries, external, isCommonJs, isMinified } from './form.js'

export default {
  input: entries,
  platform: 'node',
  external,
  output: {
    dir: 'dist',
    minify: isMinified,
    sourcemap: isMinified,
    ...(isCommonJs ? { format: 'cjs', entryFileNames: '[name].cjs' } : { format: 'esm' }),
  },
}
