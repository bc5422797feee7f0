import { createLinkEnds, words } from '@zera/core/internal'
import { serviceAt } from '../messaging/services/service-client.js'
import { FIRST_ACTOR_ID, GUARDIAN, SYSTEM } from '../model/address.js'
import { defineActor } from '../model/definition.js'
import { BLACK_BOX_BYTES } from '../model/events/layout.js'
import { BoundRef } from '../model/refs/bound-ref.js'
import { deadlinesOf } from '../model/supervision/stop-deadlines.js'
import type { HostPlace } from '../platform/host-seed.js'
import type { GuardianService } from './guardian-service.js'
import { Guardian } from './guardian.js'
import type { Host } from './host.js'

/** What is played: an actor that answers. */
class Understudy {
  onStart(): void {}
  onRestart(): void {}
  echo(value: unknown): unknown {
    return value
  }
}

const understudy = defineActor(import.meta.url, Understudy, { name: 'zera-understudy' })

const OWN_NUMBER = 1
const STOP_MS = 1000

/**
 * Does once in a spare thread what it will do when it is taken: it becomes a host that is linked to the main thread's,
 * which starts an actor there again and asks it something. V8 compiles code when it runs first, and loads what it needs
 * then; without a rehearsal that is most of the time until an actor of a thread that died is back.
 *
 * Both hosts are of this thread, and closed when it returns. Nothing of it leaves the thread.
 *
 * @param createHost Makes a host that is no part of the system.
 */
export async function rehearse(createHost: (place: HostPlace) => Host): Promise<void> {
  const main = createHost({ number: SYSTEM.host, blackBox: new SharedArrayBuffer(BLACK_BOX_BYTES) })
  const own = createHost({ number: OWN_NUMBER, blackBox: new SharedArrayBuffer(BLACK_BOX_BYTES) })
  try {
    own.addService(GUARDIAN, new Guardian(own, () => understudy))
    const [ofMain, ofOwn] = createLinkEnds('rehearsal', 1, words.memory, words.memory)
    main.peers.linked(own.number, ofMain)
    own.peers.linked(main.number, ofOwn)
    const guardian = serviceAt<GuardianService>(main.messenger, { host: own.number, id: GUARDIAN })
    const { url, name: definition } = understudy
    const data = { host: own.number, id: FIRST_ACTOR_ID, name: 'understudy', url, definition }
    guardian.tell.open([data.id])
    await guardian.start({
      data,
      props: undefined,
      instance: 1,
      after: { error: new Error('rehearsed'), method: 'echo' },
    })
    const ref = new BoundRef<Understudy>(main.messenger, data)
    ref.tell.echo(0)
    await ref.ask({ timeoutMs: Infinity }).echo(1)
    await guardian.stop(data.id, {
      ...deadlinesOf(STOP_MS, 0, Infinity),
      reason: 'the rehearsal is over',
      runsOnStop: true,
    })
  } finally {
    for (const host of [main, own]) host.close()
  }
}
