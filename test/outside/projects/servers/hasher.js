import { setTimeout as wait } from 'node:timers/promises'
import { defineActor } from '@zera/actors'

export class Hasher {
  async hash(text) {
    await wait(30)
    return `hash of ${text}`
  }
}

export default defineActor(import.meta.url, Hasher)
