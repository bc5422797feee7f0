import { fileURLToPath } from 'node:url'
import zera from '@zera/actors/vitest'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [zera()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  test: { include: ['test/*.vitest.ts'] },
})
