import { unknownSignal, type Signal } from '@zera/core/internal'
import { hasDefined, importDefinitions } from '../model/definition.js'
import type { HostPlace } from '../platform/host-seed.js'
import type { HostSignalDown } from '../platform/host-signals.js'
import type { HostEnd } from '../platform/transport.js'
import type { Host } from './host.js'

/** What a thread is to the others: a host, from its start or from the signal `assume` on. */
export class HostRole {
  readonly #createHost: (place: HostPlace) => Host
  #host: Host | undefined

  /** @param place Undefined for a spare thread. */
  constructor(createHost: (place: HostPlace) => Host, place: HostPlace | undefined) {
    this.#createHost = createHost
    this.#host = place === undefined ? undefined : createHost(place)
  }

  get host(): Host | undefined {
    return this.#host
  }

  /**
   * Carries out the main thread's signals.
   *
   * @throws {MalformedMessageError} When the main thread says no such signal.
   */
  signal(received: Signal, handedOver: unknown): void {
    const said = received as HostSignalDown
    // A thread that is not a host has no peers, and gets no signals about them.
    const peers = this.#host?.peers
    if (said.signal === 'assume') this.#host = this.#createHost(handedOver as HostPlace)
    else if (said.signal === 'preload') void preload(said.data.url)
    else if (said.signal === 'linked') peers?.linked(said.data.peer, handedOver as HostEnd)
    else if (said.signal === 'admitted') peers?.admitted(said.data.peer, said.data.link)
    else if (said.signal === 'severed') peers?.severed(said.data.peer, said.data.link, said.data.refusal)
    else if (said.signal === 'down') {
      const { peer, reason, redelivery, account } = said.data
      peers?.down(peer, { reason, error: undefined, redelivery, account })
    } else if (said.signal === 'gone') peers?.gone(said.data.peer)
    else throw unknownSignal(received, 'a host')
  }
}

/**
 * Imports a module in advance, unless it is there. An import error surfaces when an actor needs the module.
 *
 * A simulation has its modules from a test runner, whose copy of a module is another one than Node's.
 */
export async function preload(url: string): Promise<void> {
  if (hasDefined(url)) return
  try {
    await importDefinitions(url)
  } catch {
    // The actor that needs it gets the error then.
  }
}
