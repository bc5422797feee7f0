import { actorContext, defineActor } from '@zera/actors'

/** An actor that makes the calls of its context. */
export class Caller {
  compute(unknown: object): Promise<unknown> {
    return outcome(() => actorContext().compute((n: number) => n, [1], unknown))
  }

  lookup(unknown: object): Promise<unknown> {
    return outcome(() => actorContext().lookup('nobody', undefined, unknown))
  }

  remind(unknown: object): Promise<unknown> {
    return outcome(() => actorContext<Caller>().remind('text', unknown, 'a'))
  }

  spawn(unknown: object): Promise<unknown> {
    return outcome(() => actorContext().spawn(callers, unknown))
  }

  stop(unknown: object): Promise<unknown> {
    return outcome(() => actorContext().stop(actorContext().self, unknown))
  }

  text(text: string): string {
    return text
  }

  async *texts(): AsyncGenerator<string> {
    yield 'text'
  }
}

/** What a call has thrown, as a value: it fails no actor. */
async function outcome(call: () => unknown): Promise<unknown> {
  try {
    return await call()
  } catch (error) {
    return error
  }
}

const callers = defineActor(import.meta.url, Caller)
export default callers
