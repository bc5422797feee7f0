import { defineActor } from '@zera/actors'
import { injectable } from 'tsyringe'

@injectable()
export class Greeting {
  text(): string {
    return 'hello'
  }
}

@injectable()
export class Greeter {
  constructor(private readonly greeting: Greeting) {}

  greet(): string {
    return this.greeting.text()
  }
}

export default defineActor(import.meta.url, Greeter)
