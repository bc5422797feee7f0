import { defineJob } from '@zera/actors'
import { Kind } from './kinds.js'

export default defineJob(import.meta.url, function kindOf(grams: number): string {
  return grams > 1000 ? Kind.Big : Kind.Small
})
