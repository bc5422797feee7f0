import { resolve } from 'node:path'
import webpack from 'webpack'
import { external, FORM, isCommonJs } from './form.js'

export default {
  mode: FORM === 'development' ? 'development' : 'production',
  target: 'node20',
  entry:
    FORM === 'split'
      ? {
          main: './src/addressed/main.ts',
          counter: './src/addressed/counter.ts',
          sum: './src/addressed/sum.ts',
        }
      : { main: FORM === 'unguarded' ? './src/unguarded.ts' : './src/main.ts' },
  devtool: 'source-map',
  externals: external,
  module: {
    parser: { javascript: { importMeta: false, url: false } },
    rules: [{ test: /\.ts$/, loader: 'esbuild-loader', options: { target: 'es2022' } }],
  },
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  ...(isCommonJs
    ? {
        externalsType: 'node-commonjs',
        node: { __filename: false },
        plugins: [new webpack.DefinePlugin({ 'import.meta.url': '__filename' })],
        output: { path: resolve('dist'), filename: '[name].cjs' },
      }
    : { externalsType: 'module', output: { path: resolve('dist'), filename: '[name].js', module: true } }),
}
