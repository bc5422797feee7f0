import { defineActor, type Inject } from '@zera/actors'

export default defineActor(import.meta.url, function FromContainer(_context: unknown, inject: Inject) {
  const unit = inject<string>('unit')
  return { unit: () => unit }
})
