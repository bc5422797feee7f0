import { entries, FORM, isCommonJs, isMinified } from './form.js'

export default {
  logLevel: 'warn',
  ssr: FORM === 'bundled in' ? { noExternal: [/^@zera\//] } : {},
  build: {
    ssr: true,
    minify: isMinified,
    sourcemap: isMinified,
    rollupOptions: {
      input: entries,
      output: isCommonJs
        ? { format: 'cjs', entryFileNames: '[name].cjs' }
        : { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
}
