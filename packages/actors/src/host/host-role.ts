import type { Signal } from '@zera/core/internal'
import { LinkError } from '../model/errors.js'
import { importModule } from '../model/modules/import-module.js'
import { moduleHere } from '../model/modules/module-roots.js'
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

  /** Carries out the main thread's signals. */
  signal(received: Signal, handedOver: unknown): void {
    const message = received as HostSignalDown
    if (message.signal === 'assume') this.#host = this.#createHost(handedOver as HostPlace)
    else if (message.signal === 'preload') void preload(message.data.url)
    // A thread that is not a host gets no other signals.
    else if (this.#host !== undefined) takeSignal(this.#host, message, handedOver)
  }
}

/** Imports a module in advance. An import error surfaces when an actor needs the module. */
export async function preload(url: string): Promise<void> {
  try {
    await importModule(moduleHere(url))
  } catch {
    // The actor that needs it gets the error then.
  }
}

function takeSignal(
  host: Host,
  { signal, data }: Exclude<HostSignalDown, { readonly signal: 'assume' | 'preload' }>,
  handedOver: unknown,
): void {
  if (signal === 'linked') host.peers.linked(data.peer, handedOver as HostEnd)
  else if (signal === 'admitted') host.peers.admitted(data.peer, data.link)
  else if (signal === 'severed') host.peers.severed(data.peer, data.link, new LinkError(data.peer, data.refusal))
  else if (signal === 'down')
    host.peers.down(data.peer, {
      reason: data.reason,
      error: undefined,
      redelivery: data.redelivery,
      account: data.account,
    })
  else host.peers.gone(data.peer)
}
