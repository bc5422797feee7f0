import type { LinkReceiver } from '@zera/core'
import type { Transport } from '../transport.js'
import { SimulatedBlocks } from './simulated-blocks.js'
import { SimulatedLink, type Lane, type LinkPlace } from './simulated-link.js'

/** Links between hosts of one thread. */
export class SimulatedNetwork {
  readonly #createLane: () => Lane
  readonly #waiting = new Map<string, SimulatedLink>()
  readonly #blocks = new SimulatedBlocks()

  /** @param createLane How the frames of one side of a link travel; by default they are there at once. */
  constructor(createLane: () => Lane = () => run => run()) {
    this.#createLane = createLane
  }

  /** A place for one incarnation of a host. */
  join(): SimulatedPlace {
    return new SimulatedPlace(this.#blocks, this.#createLane, (link, endpoint) => this.#plug(link, endpoint))
  }

  #plug(link: SimulatedLink, endpoint: string): SimulatedLink | undefined {
    const other = this.#waiting.get(endpoint)
    if (other === undefined) this.#waiting.set(endpoint, link)
    else this.#waiting.delete(endpoint)
    return other
  }
}

/** What one incarnation of a host takes its links from. */
export class SimulatedPlace implements LinkPlace, Transport {
  readonly blocks: SimulatedBlocks
  readonly plug: LinkPlace['plug']
  readonly #createLane: () => Lane
  readonly #links: SimulatedLink[] = []
  #isDead = false
  #held = 0

  constructor(blocks: SimulatedBlocks, createLane: () => Lane, plug: LinkPlace['plug']) {
    this.blocks = blocks
    this.plug = plug
    this.#createLane = createLane
  }

  get isDead(): boolean {
    return this.#isDead
  }

  /** Messages that are on no link, and die with the host. */
  get held(): number {
    return this.#links.filter(link => !link.isOpen && !link.isClosed).reduce((sum, link) => sum + link.backlog, this.#held)
  }

  createLink(_name: string, receiver: LinkReceiver): SimulatedLink {
    const link = new SimulatedLink(this, receiver, this.#createLane())
    this.#links.push(link)
    return link
  }

  hold(messages: number): void {
    if (!this.#isDead) this.#held += messages
  }

  /** Ends the host as a crash would: nothing of it is sent or received any more. What has left it arrives. */
  end(): void {
    this.#isDead = true
  }
}
