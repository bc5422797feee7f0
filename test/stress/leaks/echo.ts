import { defineActor, type ActorRef } from '@zera/actors'

/** Answers what it is asked, or has another one answer. */
export class Echo {
  echo(text: string): string {
    return text
  }

  echoBy(other: ActorRef<Echo>, text: string): Promise<string> {
    return other.ask.echo(text)
  }
}

export default defineActor(import.meta.url, Echo)
