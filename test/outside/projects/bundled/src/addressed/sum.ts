import { defineJob } from '@zera/actors'

export default defineJob(new URL('./sum.js', import.meta.url).href, (a: number, b: number) => a + b, { name: 'sum' })
