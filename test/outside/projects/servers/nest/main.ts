import 'reflect-metadata'
import { Controller, Get, Inject, Module, Param } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { ActorRef } from '@zera/actors'
import { ActorsModule, HASHERS } from './actors.module.js'
import type { Hasher } from './hasher.js'

@Controller()
class HashController {
  constructor(@Inject(HASHERS) private readonly hashers: ActorRef<Hasher>) {}

  @Get(':text')
  hash(@Param('text') text: string): Promise<string> {
    return this.hashers.ask.hash(text)
  }
}

@Module({ imports: [ActorsModule], controllers: [HashController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] })
app.enableShutdownHooks()
await app.listen(0, '127.0.0.1')
console.log(`listening on ${new URL(await app.getUrl()).port}`)
