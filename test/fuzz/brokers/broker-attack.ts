import { createKeys, curveClient, openSocket, type CurveClient, type Sockets } from '@zera/core'
import {
  startBrokerClient,
  startBrokerWorker,
  type BrokerClient,
  type BrokerOptions,
  type BrokerStatistics,
} from '@zera/devices'
import { until } from '../../crash/until.js'
import { Chance } from '../chance.js'
import type { FuzzOptions, FuzzReport } from '../fuzz-target.js'
import { BrokerChild } from './broker-child.js'
import { MDP_DAMAGES, mdpMessage, type MdpDamage, type MdpRole } from './mdp-damage.js'

/** What the broker may grow by, in bytes: what it may hold, and what a process of Node that is busy takes. */
const MOST_GROWTH_BYTES = 160 * 2 ** 20
const MAX_HELD_BYTES = 16 * 2 ** 20
/** Messages between two requests of an honest client. */
const ROUND = 200
/** Messages of a second connection with a routing id that another has, in each round of this many messages. */
const TWIN_ROUND = 5000

/** The broker's own reader, by itself: what it says of a message is what the broker has to count. */
const { readBrokerMessage } = (await import(
  new URL('../../../../packages/devices/dist/broker/protocol/mdp.js', import.meta.url).href
)) as {
  readonly readBrokerMessage: (this: void, frames: readonly Buffer[]) => { readonly kind: string }
}

/** How a broker is attacked: with keys, clients and workers have endpoints of their own. */
export interface BrokerSetup {
  readonly hasKeys: boolean
}

/** Attacks a real broker, in a process of its own, as a client and as a worker, while others ask and answer. */
export async function attackBroker(options: FuzzOptions, { hasKeys }: BrokerSetup): Promise<FuzzReport> {
  const [server, client, worker] = [createKeys(), createKeys(), createKeys()]
  const security: Partial<BrokerOptions> = hasKeys
    ? {
        bindWorkers: 'tcp://127.0.0.1:*',
        curve: { keys: server, clients: [client.publicKey], workers: [worker.publicKey] },
      }
    : {}
  const curves = hasKeys
    ? { client: { keys: client, serverKey: server.publicKey }, worker: { keys: worker, serverKey: server.publicKey } }
    : {}
  // As long as its honest worker lives, nothing it says is late on a busy machine.
  await using child = await BrokerChild.start({
    bind: 'tcp://127.0.0.1:*',
    requestTimeoutMs: 20_000,
    liveness: 1000,
    maxHeldBytes: MAX_HELD_BYTES,
    ...security,
  })
  return await new BrokerAttack(child, curves, options).run()
}

class BrokerAttack {
  readonly #child: BrokerChild
  readonly #curves: Partial<Record<MdpRole, CurveClient>>
  readonly #frames: number
  readonly #chance: Chance
  readonly #problems: string[] = []
  readonly #done = new Map<string, number>()
  /** What the broker has to have counted. */
  readonly #expected = { malformed: 0, misplaced: 0 }
  /** What else it may have counted, since ZeroMQ may have dropped it. */
  #uncertain = 0
  #sent = 0
  #honest = 0
  readonly #last: Partial<Record<MdpRole, readonly Buffer[]>> = {}

  constructor(child: BrokerChild, curves: Partial<Record<MdpRole, CurveClient>>, { frames, seed }: FuzzOptions) {
    this.#child = child
    this.#curves = curves
    this.#frames = frames
    this.#chance = new Chance(seed)
  }

  async run(): Promise<FuzzReport> {
    const { endpoint, workerEndpoint } = this.#child
    const lines: string[] = []
    const worker = await startBrokerWorker({
      broker: workerEndpoint,
      service: 'echo',
      handle: body => body,
      liveness: 1000,
      log: line => lines.push(line),
      ...this.#curve('worker'),
    })
    const before = await this.#child.report()
    let rssBytes = before.rssBytes
    try {
      await until('the worker has registered', async () => (await this.#child.report()).statistics.workers === 1)
      await using asking = await startBrokerClient({ broker: endpoint, timeoutMs: 60_000, ...this.#curve('client') })
      await using plain = await startBrokerClient({
        broker: endpoint,
        timeoutMs: 60_000,
        version: '0.1',
        ...this.#curve('client'),
      })
      await using asClient = await this.#attacker(endpoint, 'client')
      await using asWorker = await this.#attacker(workerEndpoint, 'worker')
      const reading = [asClient, asWorker].map(socket => drain(socket))
      while (this.#sent < this.#frames && this.#child.isAlive && this.#problems.length < 10) {
        for (let message = 0; message < ROUND; message++)
          await (this.#chance.once(2) ? this.#message('client', asClient) : this.#message('worker', asWorker))
        for (const client of [asking, plain]) await this.#ask(client)
        if (this.#sent % TWIN_ROUND < ROUND) await this.#twin(endpoint)
      }
      await until('all has arrived', async () => this.#isCounted((await this.#child.report()).statistics))
      for (const client of [asking, plain]) await this.#ask(client)
      await Promise.all([asClient.close(), asWorker.close(), ...reading])
      rssBytes = (await this.#child.report()).rssBytes
    } catch (error) {
      this.#problems.push(String(error))
    }
    const counts = this.#child.isAlive ? await this.#judge(before.rssBytes, rssBytes) : {}
    if (lines.length > 0) this.#problems.push(`the honest worker had trouble: ${lines.join('; ')}`)
    await worker.stop({ timeoutMs: 0 })
    const ended = await this.#child.stop()
    if (ended !== '0') this.#problems.push(`the broker ended with ${ended}, not with 0`)
    return {
      title: `broker ${this.#hasKeys ? 'with CURVE, and an endpoint of workers' : 'without CURVE, at one endpoint'}`,
      frames: this.#sent,
      counts: { ...counts, ...Object.fromEntries(this.#done) },
      problems: this.#problems,
    }
  }

  get #hasKeys(): boolean {
    return this.#curves.client !== undefined
  }

  #curve(role: MdpRole): { readonly curve?: CurveClient } {
    const curve = this.#curves[role]
    return curve === undefined ? {} : { curve }
  }

  async #attacker(endpoint: string, role: MdpRole, routingId?: string): Promise<Sockets['DEALER']> {
    const socket = await openSocket('DEALER', {
      ...curveClient(this.#curves[role]),
      linger: 0,
      ...(routingId !== undefined && { routingId }),
    })
    await socket.connect(endpoint)
    return socket
  }

  async #message(side: MdpRole, socket: Sockets['DEALER']): Promise<void> {
    // Each says now and then what the other may say.
    const role = this.#chance.once(5) ? other(side) : side
    const damage = this.#damage()
    const good =
      damage.name === 'replayed' ? (this.#last[side] ?? mdpMessage(role, this.#chance)) : mdpMessage(role, this.#chance)
    const frames = damage.make(good, this.#chance)
    this.#last[side] = frames
    this.#note(damage, frames, side)
    await socket.send(frames)
  }

  #damage(): MdpDamage {
    for (;;) {
      const damage = this.#chance.pick(MDP_DAMAGES)
      if (damage.once === undefined || this.#chance.once(damage.once)) return damage
    }
  }

  #note({ name, isCertain }: MdpDamage, frames: readonly Buffer[], side: MdpRole): void {
    this.#sent += 1
    this.#done.set(name, (this.#done.get(name) ?? 0) + 1)
    const { kind } = readBrokerMessage([Buffer.from('attacker'), ...frames])
    if (kind === 'malformed') this.#expected.malformed += 1
    else if (isCertain)
      this.#problems.push(
        `${name} is taken for a ${kind}: ${frames.map(frame => frame.toString('latin1', 0, 40)).join(' | ')}`,
      )
    else if (this.#hasKeys && (kind === 'request') !== (side === 'client')) this.#expected.misplaced += 1
  }

  /** An honest request is answered, whatever others do. */
  async #ask(client: BrokerClient): Promise<void> {
    this.#honest += 1
    const [answer] = await client.request('echo', [`${this.#sent}`])
    if (String(answer) !== `${this.#sent}`)
      this.#problems.push(`an honest client got ${String(answer)} for ${this.#sent}`)
  }

  /**
   * A second session with the id of another, which both say what cannot be read; and a frame that is larger than any
   * may be, which ends its connection.
   */
  async #twin(endpoint: string): Promise<void> {
    await using first = await this.#attacker(endpoint, 'client', 'twin')
    await using second = await this.#attacker(endpoint, 'client', 'twin')
    for (let message = 0; message < 10; message++) {
      for (const socket of [first, second]) {
        this.#sent += 1
        this.#uncertain += 1
        await socket.send(['nonsense', 'of', 'twins'])
      }
    }
    await using large = await this.#attacker(endpoint, 'client')
    await large.send(['MDPC02', '\u0001', 'attacked', Buffer.alloc(1.5 * 2 ** 20)])
    this.#sent += 1
    this.#done.set('oversize', (this.#done.get('oversize') ?? 0) + 1)
    this.#done.set('a second session', (this.#done.get('a second session') ?? 0) + 20)
  }

  #isCounted({ malformed, misplaced }: BrokerStatistics): boolean {
    return sum(malformed) >= this.#expected.malformed && misplaced >= this.#expected.misplaced
  }

  async #judge(beforeBytes: number, rssBytes: number): Promise<Record<string, number>> {
    const { statistics, lines } = await this.#child.report()
    const { malformed, misplaced, requests, replies, errors, waiting, inFlight, services } = statistics
    const counted = sum(malformed)
    if (counted < this.#expected.malformed || counted > this.#expected.malformed + this.#uncertain)
      this.#problems.push(
        `${this.#expected.malformed} to ${this.#expected.malformed + this.#uncertain} messages cannot be read, and ${counted} were counted`,
      )
    if (misplaced !== this.#expected.misplaced)
      this.#problems.push(`${this.#expected.misplaced} messages are of the other side, and ${misplaced} were counted`)
    if (lines < counted + misplaced)
      this.#problems.push(`${counted + misplaced} messages were counted, and ${lines} logged`)
    if (requests !== replies + errors + waiting + inFlight)
      this.#problems.push(`requests are lost: ${JSON.stringify(statistics)}`)
    if (services.find(({ name }) => name === 'echo')?.workers !== 1)
      this.#problems.push('the honest worker is not there any more')
    const growthMiB = Math.round((rssBytes - beforeBytes) / 2 ** 20)
    if (rssBytes - beforeBytes > MOST_GROWTH_BYTES) this.#problems.push(`the broker has grown by ${growthMiB} MiB`)
    return { 'honest requests': this.#honest, 'counted as malformed': counted, misplaced, 'MiB more': growthMiB }
  }
}

/** Reads what comes, and forgets it. */
async function drain(socket: Sockets['DEALER']): Promise<void> {
  for await (const _ of socket);
}

function other(role: MdpRole): MdpRole {
  return role === 'client' ? 'worker' : 'client'
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0)
}
