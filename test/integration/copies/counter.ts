import { defineActor } from '@zera/actors'

export class Counter {
  #count = 0

  add(by: number): number {
    return (this.#count += by)
  }

  /** Takes anything. */
  keep(_value: unknown): void {
    this.#count += 0
  }

  /** Opens a socket of another copy, in a thread that this one has started. */
  async openOther(): Promise<void> {
    const { core } = (await import(new URL('./other/copy.js', import.meta.url).href)) as {
      core: { openSocket(type: 'PAIR'): Promise<unknown> }
    }
    await core.openSocket('PAIR')
  }
}

export default defineActor(import.meta.url, Counter)
