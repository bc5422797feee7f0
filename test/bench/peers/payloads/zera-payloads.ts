import { availableParallelism } from 'node:os'
import { startSystem } from '@zera/actors'
import Payloads from '../../actors/payloads.js'
import { formOf, releaseBlocks, type Form } from '../../benches/payloads/kinds/binaries.js'
import { payloadOf, type Kind } from '../../benches/payloads/kinds/kinds.js'
import type { PayloadPeer } from './payload-peer.js'

/** An actor on one of as many threads as there are cores, which is what users have. */
export async function zeraPayloads(form: Form): Promise<PayloadPeer> {
  const system = await startSystem({ threads: availableParallelism() })
  const actor = await system.spawn(Payloads)
  const asking = actor.ask({ timeoutMs: Infinity })
  let kind: Kind
  return {
    begin: async next => {
      kind = next
      await asking.begin(kind.name, form)
    },
    echo: number => asking.echo(formOf(payloadOf(kind, number), form).value),
    send: async messages => {
      for (let number = 0; number < messages; number++)
        if (!actor.tell.take(formOf(payloadOf(kind, number), form).value)) await actor.ready()
      return asking.tally()
    },
    collect: () => asking.collect(),
    release: form === 'blocks' ? releaseBlocks : () => undefined,
    items: items => actor.stream.items(kind.name, form, items),
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  }
}
