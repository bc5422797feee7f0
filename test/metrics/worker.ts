import { defineActor, type ActorRef } from '@zera/actors'

/** Works a little, asks others, and fails. */
export class Worker {
  work(number: number): number {
    return number + 1
  }

  askOther(other: ActorRef<Worker>): Promise<number> {
    return other.ask.work(1)
  }

  fail(): never {
    throw new RangeError('on purpose')
  }
}

export default defineActor(import.meta.url, Worker)
