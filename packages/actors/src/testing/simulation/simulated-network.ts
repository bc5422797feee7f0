import { LINK_LIMITS, type LinkEnd, type LinkReceiver } from '@zera/core/internal'
import type { Transport } from '../../platform/transport.js'
import { SimulatedBlocks } from './simulated-blocks.js'
import { SimulatedLink, type Lane, type LinkPlace } from './simulated-link.js'

/** Links between hosts of one thread. */
export class SimulatedNetwork {
  readonly #createLane: () => Lane
  readonly #links = new Map<string, SimulatedLink[]>()
  readonly #blocks = new SimulatedBlocks()
  readonly #windowMessages: number

  /**
   * @param createLane How the frames of one side of a link travel; by default they are there at once.
   * @param windowMessages How many messages, and as many replies, one side may have without having handled them.
   */
  constructor(createLane: () => Lane = () => run => run(), windowMessages: number = LINK_LIMITS.windowMessages) {
    this.#createLane = createLane
    this.#windowMessages = windowMessages
  }

  /** A place for one incarnation of a host. */
  join(): SimulatedPlace {
    return new SimulatedPlace(this, this.#blocks, this.#createLane, this.#windowMessages)
  }

  /** Plugs a link in. Returns the link at the other end, when that is there. */
  plug(link: SimulatedLink, endpoint: string): SimulatedLink | undefined {
    const other = this.#links.get(endpoint)?.[0]
    this.#links.set(endpoint, other === undefined ? [link] : [other, link])
    return other
  }

  /** Messages of a link whose fate no surviving host can report. */
  unsettled({ endpoint }: Pick<LinkEnd, 'endpoint'>): number {
    return (this.#links.get(endpoint) ?? []).reduce((sum, link) => sum + link.outbox.unsettled, 0)
  }

  /** Takes messages out of that account. */
  writeOff({ endpoint }: Pick<LinkEnd, 'endpoint'>, messages: number): void {
    this.#links.get(endpoint)?.[0]?.outbox.settled(messages)
  }
}

/** What one incarnation of a host takes its links from. */
export class SimulatedPlace implements LinkPlace, Transport {
  readonly blocks: SimulatedBlocks
  readonly windowMessages: number
  readonly #network: SimulatedNetwork
  readonly #createLane: () => Lane
  readonly #links: SimulatedLink[] = []
  #isDead = false
  #held = 0
  #refusedLinks = 0

  constructor(network: SimulatedNetwork, blocks: SimulatedBlocks, createLane: () => Lane, windowMessages: number) {
    this.blocks = blocks
    this.windowMessages = windowMessages
    this.#network = network
    this.#createLane = createLane
  }

  get isDead(): boolean {
    return this.#isDead
  }

  /** Messages that are on no link, and die with the host. */
  get held(): number {
    return this.#links.reduce((sum, link) => (link.isOpen ? sum : sum + link.outbox.unsettled), this.#held)
  }

  createLink(_name: string, receiver: LinkReceiver): SimulatedLink {
    const link = new SimulatedLink(this, receiver, this.#createLane())
    this.#links.push(link)
    return link
  }

  /** Refuses the next so many links opened here, as for lack of a descriptor. */
  refuseLinks(links: number): void {
    this.#refusedLinks = links
  }

  refusesLink(): boolean {
    this.#refusedLinks -= 1
    return this.#refusedLinks >= 0
  }

  plug(link: SimulatedLink, endpoint: string): SimulatedLink | undefined {
    return this.#network.plug(link, endpoint)
  }

  unsettled(end: LinkEnd): number {
    return this.#network.unsettled(end)
  }

  writeOff(end: LinkEnd, messages: number): void {
    this.#network.writeOff(end, messages)
  }

  async close(): Promise<void> {
    // Nothing was opened.
  }

  refuseLink(): undefined {
    return undefined
  }

  noteLink(): void {
    // No side waits for the other one of a simulated link.
  }

  haveMet(): boolean {
    return true
  }

  endMeeting(): void {
    // They have met.
  }

  hold(messages: number): void {
    if (!this.#isDead) this.#held += messages
  }

  /** Ends the host as a crash would: nothing of it is sent or received any more. What has left it arrives. */
  end(): void {
    this.#held = this.held
    this.#isDead = true
    for (const link of this.#links) link.close()
  }
}
