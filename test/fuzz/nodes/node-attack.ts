import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSystem } from '@zera/actors'
import { openSocket, publicKeyOf, readKeys, writeKeys, type CurveClient, type Sockets } from '@zera/core'
import echo from '../../stress/leaks/echo.js'
import { Chance } from '../chance.js'
import { jsonDamages, type Damage, type Damaged } from '../damage.js'
import type { FuzzOptions, FuzzReport } from '../fuzz-target.js'
import { captureConversation } from './capture.js'
import { Ear } from './ear.js'
import { NodeChild } from './node-child.js'

const MAX_CHARS = 16 * 1024 * 1024
/** Frames of one session at most, of which the last cannot be read for certain. */
const MOST_FRAMES = 8
/** Frames that strangers send meanwhile, each time at most. */
const MOST_STRAY = 4
const PATIENCE_MS = 30_000
const ASK_AGAIN_MS = 1000

/**
 * Attacks a real node, in a process of its own, as a system that sends nonsense within its session, and as a stranger
 * that has none.
 */
export async function attackNode(options: FuzzOptions, hasKeys: boolean): Promise<FuzzReport> {
  const directory = await mkdtemp(join(tmpdir(), 'zera-fuzz-'))
  try {
    const keys = hasKeys ? await Promise.all(['node', 'system'].map(name => writeKeys(join(directory, name)))) : []
    const [node, system] = await Promise.all(keys.map(({ secretFile }) => readKeys(secretFile)))
    const curve: CurveClient | undefined = node && system && { keys: system, serverKey: publicKeyOf(node.secretKey) }
    const args = hasKeys ? ['--keys', join(directory, 'node_secret'), '--clients', join(directory, 'system')] : []
    const child = await NodeChild.start('--threads-max', '2', '--root', '/', ...args)
    return await new NodeAttack(child, curve, options).run()
  } finally {
    await rm(directory, { recursive: true })
  }
}

/**
 * What only those do who ask for a session within another.
 *
 * @param request The first.
 */
function requestDamages(request: Request): readonly Damage[] {
  return [
    {
      name: 'a second session',
      isCertain: true,
      make: (_text, chance) => [
        asText({
          ...request,
          ...chance.pick([{ system: 'b'.repeat(32) }, { threads: 1 }, { deadlineMs: 500_000 }, { root: 'file:///' }]),
        }),
      ],
    },
    {
      name: 'another version',
      isCertain: true,
      make: (_text, chance) => [asText({ ...request, protocol: request.protocol + 1 + chance.below(99) })],
    },
  ]
}

class NodeAttack {
  readonly #child: NodeChild
  readonly #curve: CurveClient | undefined
  readonly #frames: number
  readonly #chance: Chance
  readonly #damages = jsonDamages(MAX_CHARS)
  #damagesOfTenants: readonly Damage[] = []
  #request = ''
  readonly #problems: string[] = []
  readonly #done = new Map<string, number>()
  #texts: readonly string[] = []
  #sent = 0
  #sessions = 0
  /** The number of the last frame that may have been taken in this session. */
  #frame = 0
  #strays = 0

  constructor(child: NodeChild, curve: CurveClient | undefined, { frames, seed }: FuzzOptions) {
    this.#child = child
    this.#curve = curve
    this.#frames = frames
    this.#chance = new Chance(seed)
  }

  async run(): Promise<FuzzReport> {
    const child = this.#child
    await using tenant = await this.#connect(1)
    await using stranger = await this.#connect(2)
    try {
      const { protocol, texts } = await captureTexts()
      const request = { protocol, system: 'a'.repeat(32), threads: 2, heartbeatMs: 60_000, deadlineMs: 600_000 }
      this.#texts = texts
      this.#request = asText(request)
      this.#damagesOfTenants = [...this.#damages, ...requestDamages(request)]
      const ear = new Ear(tenant)
      while (this.#sent < this.#frames && child.isAlive && this.#problems.length < 10)
        await this.#session(tenant, ear, stranger)
      await tenant.close()
      await ear.closed
      await this.#serveHonestly()
    } catch (error) {
      this.#problems.push(String(error))
    }
    if (!child.isAlive) this.#problems.push(`the node has ended: ${child.stderr.slice(-2000)}`)
    const ended = await child.stop()
    if (ended !== '0') this.#problems.push(`the node ended with ${ended}, not with 0`)
    const { faults, strays } = child.counts
    if (faults !== this.#sessions)
      this.#problems.push(
        `${this.#sessions} sessions sent what cannot be read, and ${faults} were ended for it: ${child.stderr.slice(-2000)}`,
      )
    // With what a session had still to say when it was ended.
    if (!(strays >= this.#strays))
      this.#problems.push(`strangers sent ${this.#strays} messages that cannot be read, and ${strays} were counted`)
    const counts = {
      sessions: this.#sessions,
      'of them ended for that': faults,
      'messages without a session counted': strays,
      ...Object.fromEntries(this.#done),
    }
    return {
      title: `zera node ${this.#curve === undefined ? 'without' : 'with'} CURVE`,
      frames: this.#sent,
      counts,
      problems: this.#problems,
    }
  }

  /** One session that is ended by what it sends. */
  async #session(tenant: Sockets['DEALER'], ear: Ear, stranger: Sockets['DEALER']): Promise<void> {
    await this.#open(tenant, ear)
    this.#sessions += 1
    this.#frame = 0
    const sent: string[] = []
    for (let left = this.#chance.below(MOST_FRAMES); left > 0; left--)
      await this.#send(tenant, this.#damage(false, this.#damages), sent)
    for (let left = this.#chance.below(MOST_STRAY); left > 0; left--) {
      this.#strays += 1
      await this.#send(stranger, this.#damage(true, this.#damages), [])
    }
    // Where the session may have ended already, a request would begin another.
    await this.#send(tenant, this.#damage(true, sent.length === 0 ? this.#damagesOfTenants : this.#damages), sent)
    if (!(await ear.hears('{"ended"', PATIENCE_MS)))
      this.#problems.push(`a session went on that had sent ${sent.map(text => text.slice(0, 500)).join(' and ')}`)
  }

  /** The node may have to end the session before. */
  async #open(tenant: Sockets['DEALER'], ear: Ear): Promise<void> {
    ear.forget()
    for (let tries = 0; tries < 50; tries++) {
      await tenant.send(this.#request)
      if (await ear.hears('{"opened"', ASK_AGAIN_MS)) return
    }
    throw new Error('The node opens no session')
  }

  #damage(isCertain: boolean, damages: readonly Damage[]): { readonly damage: Damage; readonly frames: Damaged } {
    for (;;) {
      const damage = this.#chance.pick(damages)
      if (damage.isCertain !== isCertain || (damage.once !== undefined && !this.#chance.once(damage.once))) continue
      return { damage, frames: damage.make(this.#inTurn(this.#text(isCertain)), this.#chance) }
    }
  }

  /**
   * A request that cannot be read counts as a message without a session, too. What may be obeyed in spite of its damage
   * seldom starts a thread, which takes longer than all else.
   */
  #text(isCertain: boolean): string {
    for (;;) {
      if (isCertain && this.#chance.once(10)) return this.#request
      const text = this.#chance.pick(this.#texts)
      if (isCertain || !text.includes('"start"') || this.#chance.once(50)) return text
    }
  }

  /** A frame of another session as one of this: what is not in its turn is read, and not obeyed. */
  #inTurn(text: string): string {
    const frame = JSON.parse(text) as unknown
    if (!Array.isArray(frame) || frame.length < 4 || this.#chance.once(8)) return text
    this.#frame += 1
    return JSON.stringify([this.#chance.pick([1, this.#frame]), 0, ...(frame.slice(2) as unknown[])])
  }

  async #send(
    socket: Sockets['DEALER'],
    { damage, frames }: { readonly damage: Damage; readonly frames: Damaged },
    sent: string[],
  ): Promise<void> {
    sent.push(`${damage.name}: ${frames.join(' | ')}`)
    this.#sent += 1
    this.#done.set(damage.name, (this.#done.get(damage.name) ?? 0) + 1)
    await socket.send(frames)
  }

  async #connect(number: number): Promise<Sockets['DEALER']> {
    const curve = this.#curve
    const security =
      curve === undefined
        ? {}
        : {
            curvePublicKey: curve.keys.publicKey,
            curveSecretKey: curve.keys.secretKey,
            curveServerKey: curve.serverKey,
          }
    const socket = await openSocket('DEALER', { ...security, linger: 0, routingId: String(number).repeat(32) })
    await socket.connect(this.#child.endpoint)
    return socket
  }

  /** After all of it, a real system has a real actor there. */
  async #serveHonestly(): Promise<void> {
    const { endpoint } = this.#child
    await using system = await startSystem({
      threads: 0,
      nodes: [{ name: 'a', endpoint, ...(this.#curve && { curve: this.#curve }) }],
      handleSignals: false,
      root: 'file:///',
      startMs: PATIENCE_MS,
    })
    const ref = await system.spawn(echo, { placement: { node: 'a' } })
    if ((await ref.ask.echo('hello')) !== 'hello') this.#problems.push('the node serves an honest system badly')
  }
}

interface Request {
  readonly protocol: number
}

const asText = (open: Request): string => JSON.stringify({ open })

/**
 * What a real system says within a session, but for its request, which is answered, and a farewell, which ends it as it
 * should; and the protocol that it speaks.
 */
async function captureTexts(): Promise<{ readonly protocol: number; readonly texts: readonly string[] }> {
  const model = await NodeChild.start('--threads-max', '2', '--root', '/')
  try {
    const { bySystem } = await captureConversation(model.endpoint)
    const { open } = JSON.parse(bySystem[0] as string) as { readonly open: Request }
    return {
      protocol: open.protocol,
      texts: [...new Set(bySystem)].filter(text => !text.startsWith('{"open"') && !text.includes('"close"')),
    }
  } finally {
    await model.stop()
  }
}
