import { defineActor } from '@zera/actors'
import { Kind } from '@/kinds'

export class Aliased {
  kind(): string {
    return Kind.Small
  }
}

export default defineActor(import.meta.url, Aliased)
