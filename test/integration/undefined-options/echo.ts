import { defineActor } from '@zera/actors'
import { undefinedFor } from './undefined-for.js'

class Echo {
  echo(text: string): string {
    return text
  }

  async *count(to: number): AsyncGenerator<number> {
    for (let n = 1; n <= to; n++) yield n
  }
}

export default defineActor(import.meta.url, Echo, {
  ...undefinedFor('DefinitionOptions'),
  mailbox: { maxMessages: undefined, overflow: undefined, urgent: undefined },
  cancel: { graceMs: undefined, killMs: undefined },
  children: undefinedFor('SupervisorOptions'),
})
