import { nodeResolve } from '@rollup/plugin-node-resolve'
import typescript from '@rollup/plugin-typescript'
import { transform } from 'esbuild'
import { entries, external, FORM, isCommonJs, isMinified } from './form.js'

/** Rollup has no minifier of its own. */
const minifier = {
  name: 'minifier',
  renderChunk: code => transform(code, { minify: true, sourcemap: true }),
}

export default {
  input: entries,
  external: [/^node:/, ...external],
  plugins: [
    typescript(),
    ...(FORM === 'bundled in' ? [nodeResolve({ preferBuiltins: true })] : []),
    ...(isMinified ? [minifier] : []),
  ],
  output: {
    dir: 'dist',
    sourcemap: isMinified,
    ...(isCommonJs ? { format: 'cjs', entryFileNames: '[name].cjs' } : { format: 'es' }),
  },
}
