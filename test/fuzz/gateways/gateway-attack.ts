import { createKeys, openSocket, type CurveKeys, type Sockets } from '@zera/core'
import type * as Children from '../../../packages/devices/dist/fixtures/gateway-child.js'
import { Chance } from '../chance.js'
import type { FuzzOptions, FuzzReport } from '../fuzz-target.js'
import { nextMessage, type FuzzMessage } from './gateway-messages.js'
import { speakRaw } from './raw-stranger.js'

/** Clients that attack at the same time. */
const ATTACKERS = 4
const PATIENCE_MS = 30_000
const AGAIN_MS = 100
/**
 * Once in so many messages, a client speaks below ZeroMQ, comes with the routing id of the honest client, or with an
 * unknown key.
 */
const SELDOM = 50
const HONEST = 'honest'
const ECHO = '{"actor":"echo","method":"echo","args":["hello"],"id":"back"}'
const ECHOED = '{"id":"back","value":"hello"}'
/** Bytes that an attack may add to what the gateway has at the start; with its default limits it may be twice as many. */
const MOST_BYTES = 256 * 1024 * 1024

/** Attacks a real gateway, in a process of its own, as clients that send what is no request, and as strangers. */
export async function attackGateway(options: FuzzOptions, hasKeys: boolean): Promise<FuzzReport> {
  // A fixture of devices, which lies elsewhere when it is compiled.
  const { GatewayChild } = (await import(
    new URL('../../../../packages/devices/dist/fixtures/gateway-child.js', import.meta.url).href
  )) as typeof Children
  const [server, client] = [createKeys(), createKeys()]
  const rate = { perSecond: 1e6, burst: 1e6 }
  await using child = await GatewayChild.start({
    rate,
    ...(hasKeys && { curve: { keys: server, clients: [client.publicKey] } }),
  })
  return await new GatewayAttack(child, hasKeys ? { server, client } : undefined, options).run()
}

interface Keys {
  readonly server: CurveKeys
  readonly client: CurveKeys
}

class GatewayAttack {
  readonly #child: Children.GatewayChild
  readonly #keys: Keys | undefined
  readonly #frames: number
  readonly #seed: number
  readonly #problems: string[] = []
  readonly #done = new Map<string, number>()
  #sent = 0
  #answered = 0
  #served = 0

  constructor(child: Children.GatewayChild, keys: Keys | undefined, { frames, seed }: FuzzOptions) {
    this.#child = child
    this.#keys = keys
    this.#frames = frames
    this.#seed = seed
  }

  async run(): Promise<FuzzReport> {
    const child = this.#child
    const { rssBytes } = await child.state()
    try {
      await Promise.all([this.#serveHonestly(), ...Array.from({ length: ATTACKERS }, (_, at) => this.#attack(at))])
      const { statistics, peakBytes } = await child.state()
      const { requests, values, errors, ignored, unanswered } = statistics
      if (requests !== values + errors + ignored + unanswered)
        this.#problems.push(`its statistics do not add up: ${JSON.stringify(statistics)}`)
      if (values + errors < this.#answered + this.#served)
        this.#problems.push(`it has counted ${values + errors} answers of ${this.#answered + this.#served}`)
      if (peakBytes - rssBytes > MOST_BYTES)
        this.#problems.push(`its memory has grown from ${rssBytes} bytes to ${peakBytes}`)
      this.#done.set('MiB more at most', Math.round((peakBytes - rssBytes) / 1024 / 1024))
    } catch (error) {
      this.#problems.push(String(error))
    }
    const ended = await child.stop()
    if (ended !== '0') this.#problems.push(`it ended with ${ended}, not with 0: ${child.stderr.slice(-2000)}`)
    const counts = {
      answered: this.#answered,
      'honest requests served meanwhile': this.#served,
      ...Object.fromEntries(this.#done),
    }
    return {
      title: `a gateway ${this.#keys === undefined ? 'without' : 'with'} CURVE`,
      frames: this.#sent,
      counts,
      problems: this.#problems,
    }
  }

  get #isOver(): boolean {
    return this.#sent >= this.#frames || this.#problems.length >= 10
  }

  async #attack(number: number): Promise<void> {
    const chance = new Chance(this.#seed + number)
    await using client = await this.#connect()
    while (!this.#isOver) {
      if (chance.once(SELDOM)) await this.#strike(chance)
      const message = nextMessage(chance)
      this.#count(message.name)
      await client.send(message.frames)
      if (message.expects === 'cut') await this.#comeBack(client, message)
      else await this.#expectAnswer(client, message)
    }
  }

  async #strike(chance: Chance): Promise<void> {
    this.#count('raw bytes')
    await speakRaw(this.#child.endpoint, chance)
    await using second = await this.#connect({ routingId: HONEST })
    await using stranger = await this.#connect({}, createKeys())
    for (const socket of [second, stranger]) {
      const message = nextMessage(chance)
      this.#count(socket === second ? 'a second connection' : 'a stranger')
      // One that is not let in has no peer to send to.
      socket.send(message.frames).catch(() => undefined)
    }
  }

  #count(name: string): void {
    this.#sent += 1
    this.#done.set(name, (this.#done.get(name) ?? 0) + 1)
  }

  async #expectAnswer(client: Sockets['DEALER'], message: FuzzMessage): Promise<void> {
    const text = await this.#hear(client, PATIENCE_MS)
    if (text === undefined) this.#problems.push(`there is no answer to ${excerpt(message)}`)
    else if (message.expects === 'error' && !text.includes('"error":{"code":"'))
      this.#problems.push(`${excerpt(message)} was answered with ${text.slice(0, 500)}`)
    this.#answered += 1
  }

  /** After its connection has been ended it comes with another, which ZeroMQ makes. */
  async #comeBack(client: Sockets['DEALER'], message: FuzzMessage): Promise<void> {
    const giveUpMs = performance.now() + PATIENCE_MS
    let asked = 0
    for (;;) {
      await client.send(['', ECHO])
      asked += 1
      if ((await this.#hear(client, AGAIN_MS)) === ECHOED) break
      if (performance.now() > giveUpMs)
        return void this.#problems.push(`no client could come back after ${excerpt(message)}`)
    }
    // Those that were not lost with the connection are answered, too.
    while (asked > 1 && (await this.#hear(client, AGAIN_MS)) !== undefined) asked -= 1
  }

  async #hear(client: Sockets['DEALER'], ms: number): Promise<string | undefined> {
    try {
      return String((await client.receive({ signal: AbortSignal.timeout(ms) })).at(-1))
    } catch {
      return undefined
    }
  }

  async #serveHonestly(): Promise<void> {
    await using client = await this.#connect({ routingId: HONEST })
    while (!this.#isOver) {
      await client.send(['', ECHO])
      const answer = await this.#hear(client, PATIENCE_MS)
      if (answer === ECHOED) this.#served += 1
      else this.#problems.push(`an honest client was answered with ${answer}`)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }

  async #connect(options: object = {}, keys = this.#keys?.client): Promise<Sockets['DEALER']> {
    const curve = this.#keys
    const security =
      curve === undefined || keys === undefined
        ? {}
        : { curvePublicKey: keys.publicKey, curveSecretKey: keys.secretKey, curveServerKey: curve.server.publicKey }
    const socket = await openSocket('DEALER', { ...security, linger: 0, reconnectInterval: 1, ...options })
    await socket.connect(this.#child.endpoint)
    return socket
  }
}

function excerpt({ name, frames }: FuzzMessage): string {
  return `${name}, ${frames.length} frames: ${frames.map(String).join(' | ').slice(0, 300)}`
}
