import { defineJob } from '@zera/actors'

export default defineJob(import.meta.url, (a: number, b: number) => a + b, { name: 'sum' })
