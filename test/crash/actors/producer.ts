import { defineActor, type ActorRef } from '@zera/actors'
import { makePayload, type PayloadKind } from '../rows/payload.js'
import type { Holder } from './holder.js'

/** An actor that sends payloads, and whose thread ends then. */
export class Producer {
  /** Sends that many, numbered from 0. */
  async produce(holder: ActorRef<Holder>, count: number, kind: PayloadKind, sizeBytes: number): Promise<void> {
    for (let number = 0; number < count; number++) {
      if (!holder.tell.hold(number, makePayload(kind, number, sizeBytes))) await holder.ready()
    }
  }
}

export default defineActor(import.meta.url, Producer)
