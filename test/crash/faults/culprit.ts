import { setTimeout as later } from 'node:timers'
import { isMainThread } from 'node:worker_threads'
import { actorContext, defineActor, type ActorRef } from '@zera/actors'
import type { GrowthName } from '../rows/endings.js'
import { GROWTHS } from '../threads/growths.js'
import { turn } from '../threads/turn.js'
import { HANDLER } from './handler.js'
import { loadOddValues } from './odd-values.js'
import type { Onlooker } from './onlooker.js'

if (!isMainThread && process.env[HANDLER] === '1') process.on('unhandledRejection', () => undefined)

const HUGE_ITEMS = 100_000_000

/** The actor that commits faults. */
export class Culprit {
  #context = actorContext()
  #grow: ((number: number) => void) | undefined
  #entries = 0
  #odd!: Awaited<ReturnType<typeof loadOddValues>>

  async onStart(): Promise<void> {
    this.#odd = await loadOddValues()
  }

  answer(): number {
    return 1
  }

  /** Says its first word to another host, and ends its thread in the same turn. */
  tellAndEnd(other: ActorRef<Onlooker>, how: 'exit' | 'throw'): void {
    other.tell.answer()
    if (how === 'exit') process.exit(7)
    setImmediate(() => {
      throw new Error('thrown on purpose')
    })
  }

  async askOther(other: ActorRef<Onlooker>): Promise<number> {
    return other.ask.answer()
  }

  throwOdd(index: number): never {
    this.#odd.throwValue(this.#odd.ODD_THROWN[index]?.make())
  }

  async throwOddLater(index: number): Promise<never> {
    await turn()
    this.throwOdd(index)
  }

  async *streamOdd(index: number): AsyncGenerator<number> {
    yield 1
    this.throwOdd(index)
  }

  throwOddToItself(index: number): void {
    this.#context.after(0, () => this.throwOdd(index))
  }

  answerOdd(index: number): unknown {
    return this.#odd.ODD_THENABLES[index]?.make()
  }

  async answerOddLater(index: number): Promise<unknown> {
    await turn()
    return this.#odd.ODD_THENABLES[index]?.make()
  }

  /** Keeps so many entries more. */
  keep(growth: GrowthName, entries: number): void {
    this.#grow ??= GROWTHS[growth]()
    for (const end = this.#entries + entries; this.#entries < end; this.#entries++) this.#grow(this.#entries)
  }

  /** Takes more memory in one piece than V8 has. */
  allocate(): number {
    const items: number[] = []
    items.length = HUGE_ITEMS
    return items.fill(0).length
  }

  /** Does what native code does that is wrong. */
  crash(): void {
    process.kill(process.pid, 'SIGSEGV')
  }

  /** Throws an uncaught error. */
  throwOddUncaught(index: number): void {
    later(() => this.throwOdd(index), 0)
  }
}

export default defineActor(import.meta.url, Culprit)
