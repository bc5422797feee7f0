import { defineActor } from '@zera/actors'
import data from '../data.json' with { type: 'json' }
import { Kind, Size } from '../kinds.js'
import { twice } from '../plain.ts'

export class Scale {
  weigh(grams: number): string {
    return `${Kind.Big} ${new Size(Kind.Big, twice({ grams })).kilos} ${data.unit}`
  }
}

export default defineActor(import.meta.url, Scale)
