import { parseEndpoint } from '../../native/endpoint.js'
import type { SocketType } from '../../native/socket-type.js'
import type { ListeningLimits } from '../options/listening-limits.js'
import type { IoClient } from './io-client.js'

type PlugVerb = 'bind' | 'unbind' | 'connect' | 'disconnect' | 'subscribe' | 'unsubscribe'

/** Plugs a socket in the I/O thread in and out. */
export class IoPlug {
  readonly #type: SocketType
  readonly #id: number
  readonly #client: IoClient

  constructor(type: SocketType, id: number, client: IoClient) {
    this.#type = type
    this.#id = id
    this.#client = client
  }

  /** Resolves with the endpoint as it is, with the port that `tcp://…:*` got. */
  async bind(endpoint: string): Promise<string> {
    return (await this.#plug('bind', parseEndpoint(endpoint))) ?? endpoint
  }

  /** As `bind`, behind what limits and watches connections. */
  async listen(endpoint: string, limits: ListeningLimits): Promise<string> {
    const parsed = parseEndpoint(endpoint)
    return (
      (await this.#client.request(`bind a ${this.#type} socket to ${parsed}`, request => [
        'listen',
        request,
        this.#id,
        parsed,
        limits,
      ])) ?? endpoint
    )
  }

  async unbind(endpoint: string): Promise<void> {
    await this.#plug('unbind', parseEndpoint(endpoint))
  }

  async connect(endpoint: string): Promise<void> {
    await this.#plug('connect', parseEndpoint(endpoint))
  }

  /** As `connect`, to a peer that has this routing id here, whatever it says itself. */
  async connectAs(endpoint: string, routingId: string | Uint8Array): Promise<void> {
    const parsed = parseEndpoint(endpoint)
    await this.#client.request(`connect a ${this.#type} socket to ${parsed}`, request => [
      'connect-as',
      request,
      this.#id,
      parsed,
      Buffer.from(routingId as string).toString('base64'),
    ])
  }

  async disconnect(endpoint: string): Promise<void> {
    await this.#plug('disconnect', parseEndpoint(endpoint))
  }

  async subscribe(...prefixes: (string | Uint8Array)[]): Promise<void> {
    await this.#plugPrefixes('subscribe', prefixes)
  }

  async unsubscribe(...prefixes: (string | Uint8Array)[]): Promise<void> {
    await this.#plugPrefixes('unsubscribe', prefixes)
  }

  async #plugPrefixes(verb: 'subscribe' | 'unsubscribe', prefixes: readonly (string | Uint8Array)[]): Promise<void> {
    await Promise.all(
      prefixes.map(prefix =>
        this.#plug(verb, Buffer.from(prefix).toString('base64'), `"${Buffer.from(prefix).toString()}"`),
      ),
    )
  }

  #plug(verb: PlugVerb, argument: string, what = argument): Promise<string | undefined> {
    return this.#client.request(`${verb} a ${this.#type} socket to ${what}`, request => [
      verb,
      request,
      this.#id,
      argument,
    ])
  }
}
