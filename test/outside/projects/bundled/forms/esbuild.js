import { build } from 'esbuild'
import { entries, external, FORM, isCommonJs, isMinified } from './form.js'

await build({
  entryPoints: entries,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  external: external.map(one => (typeof one === 'string' ? one : '@zera/*')),
  minify: isMinified,
  sourcemap: isMinified,
  ...(isCommonJs
    ? { format: 'cjs', outExtension: { '.js': '.cjs' }, define: { 'import.meta.url': '__filename' } }
    : { format: 'esm', splitting: FORM !== 'minified' }),
})
