import { defineActor, type ActorRef } from '@zera/actors'

const PATIENT = { timeoutMs: 600_000 }

/** Sells, waits for others, fails, and holds its thread. */
export class Clerk {
  sell(items: number): number {
    return items
  }

  /** Asks another, which asks back. */
  greet(other: ActorRef<Clerk>, self: ActorRef<Clerk>): Promise<number> {
    return other.ask(PATIENT).answer(self)
  }

  answer(first: ActorRef<Clerk>): Promise<number> {
    return first.ask(PATIENT).sell(1)
  }

  /** Passes something on, with the traceparent that it came with. */
  relay(next: ActorRef<Clerk>, last: ActorRef<Clerk>): Promise<number> {
    return next.ask.pass(last)
  }

  pass(last: ActorRef<Clerk>): Promise<number> {
    return last.ask.sell(3)
  }

  fail(reason: string): never {
    throw new RangeError(reason)
  }

  /** Holds its thread for so many milliseconds. */
  count(ms: number): number {
    let rounds = 0
    for (const until = performance.now() + ms; performance.now() < until;) rounds += countSomething()
    return rounds
  }
}

function countSomething(): number {
  let sum = 0
  for (let n = 0; n < 100_000; n++) sum = (sum + n * n) % 7919
  return sum > 0 ? 1 : 0
}

export default defineActor(import.meta.url, Clerk)
