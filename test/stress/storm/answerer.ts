import { defineActor } from '@zera/actors'

/** Answers, and loses what its thread has not handled. */
export class Answerer {
  answer(question: number): number {
    return question + 1
  }
}

export default defineActor(import.meta.url, Answerer)
