import { entries, external, FORM, isCommonJs, isMinified } from './form.js'

export default {
  cwd: process.cwd(),
  entry: entries,
  dts: false,
  logLevel: 'warn',
  minify: isMinified,
  sourcemap: isMinified,
  fixedExtension: false,
  deps: { neverBundle: external, alwaysBundle: FORM === 'bundled in' ? [/^@zera\//] : [] },
  format: isCommonJs ? 'cjs' : 'esm',
}
