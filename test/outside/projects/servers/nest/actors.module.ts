import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import { startSystem, type System } from '@zera/actors'
import { closer } from '../closer.js'
import Hasher from './hasher.js'

export const SYSTEM = Symbol('system')
export const HASHERS = Symbol('hashers')

@Module({
  providers: [
    { provide: SYSTEM, useFactory: () => startSystem({ threads: 2 }) },
    { provide: HASHERS, inject: [SYSTEM], useFactory: (system: System) => system.startPool(Hasher, { size: 4 }) },
  ],
  exports: [SYSTEM, HASHERS],
})
export class ActorsModule implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  #close: (() => Promise<void>) | undefined

  constructor(
    @Inject(SYSTEM) private readonly system: System,
    @Inject(HttpAdapterHost) private readonly http: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    this.#close = closer(this.http.httpAdapter.getHttpServer())
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#close?.()
  }

  async onApplicationShutdown(): Promise<void> {
    await this.system.stop()
  }
}
