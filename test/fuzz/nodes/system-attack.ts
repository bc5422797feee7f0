import { setTimeout as after } from 'node:timers/promises'
import { createKeys, secureServer, type CurveClient } from '@zera/core'
import { withoutEvents } from '../../without-events.js'
import { Chance } from '../chance.js'
import { jsonDamages, type Damage } from '../damage.js'
import type { FuzzOptions, FuzzReport } from '../fuzz-target.js'
import { captureConversation } from './capture.js'
import { FakeNode, inTurn, type FakeSession } from './fake-node.js'
import { NodeChild } from './node-child.js'
import { SystemChild } from './system-child.js'

const MAX_CHARS = 16 * 1024 * 1024
/**
 * Nodes at most, and frames for which there is one. A node that fails is back after half a second, so many are attacked
 * at once.
 */
const MOST_NODES = 100
const FRAMES_OF_NODE = 50
/** Milliseconds that a thread lives before its node goes mad: what dies sooner is started at a slower pace. */
const LIVES_MS = 600
/** Frames of one session at most, of which the last cannot be read for certain. */
const MOST_FRAMES = 20
const POLL_MS = 50
const PATIENCE_MS = 60_000

/** Attacks a real system, in a process of its own, as nodes that answer nonsense. */
export async function attackSystem(options: FuzzOptions, hasKeys: boolean): Promise<FuzzReport> {
  const [own, system] = [createKeys(), createKeys()]
  const security = await secureServer(
    'fake a node',
    ['tcp://127.0.0.1:*'],
    hasKeys ? { keys: own, clients: [system.publicKey] } : undefined,
  )
  const attack = new SystemAttack(await captureTexts(), options)
  const node = await FakeNode.start(security.socketOptions, attack.down, attack)
  const curve: CurveClient | undefined = hasKeys ? { keys: system, serverKey: own.publicKey } : undefined
  try {
    return await attack.run(node, curve)
  } finally {
    await node.stop()
    await security.release()
  }
}

class SystemAttack {
  readonly #texts: readonly string[]
  readonly #frames: number
  readonly #nodes: number
  readonly #chance: Chance
  readonly #damages = jsonDamages(MAX_CHARS)
  readonly #problems: string[] = []
  readonly #done = new Map<string, number>()
  #node: FakeNode | undefined
  #isMad = false
  #sent = 0
  #sessions = 0

  constructor(texts: readonly string[], { frames, seed }: FuzzOptions) {
    this.#texts = texts
    this.#frames = frames
    this.#nodes = Math.max(1, Math.min(MOST_NODES, Math.ceil(frames / FRAMES_OF_NODE)))
    this.#chance = new Chance(seed)
  }

  get down(): string {
    return this.#texts.find(text => text.includes('"down"')) as string
  }

  /** Seldom it gets nonsense at once. */
  opening(session: FakeSession): boolean {
    return !this.#goesMad(session, 50)
  }

  starting(session: FakeSession): boolean {
    if (this.#goesMad(session, 20)) return false
    setTimeout(() => this.#goesMad(session, 1), LIVES_MS)
    return true
  }

  async run(node: FakeNode, curve: CurveClient | undefined): Promise<FuzzReport> {
    this.#node = node
    const system = new SystemChild({ endpoint: node.endpoint, nodes: this.#nodes, curve })
    let faults = 0
    try {
      await system.started()
      // Those that have started meanwhile are left alone.
      this.#isMad = true
      for (const session of this.#waiting.splice(0)) this.#attack(session)
      const patience = performance.now() + PATIENCE_MS + this.#frames * 10
      for (;;) {
        await after(POLL_MS)
        this.#isMad &&= this.#sent < this.#frames
        const report = await system.report()
        faults = report.faults
        if (report.answer !== 'hello' || report.events !== faults)
          this.#problems.push(`the system says ${JSON.stringify(report)}`)
        if (!this.#isMad && faults === this.#sessions && report.running === this.#nodes) break
        if (performance.now() > patience)
          throw new Error(
            `${this.#sessions} sessions were attacked after ${this.#sent} frames, and the system says ${JSON.stringify(report)}`,
          )
      }
    } catch (error) {
      this.#problems.push(String(error))
    }
    const ended = await system.stop()
    if (ended !== '0') this.#problems.push(`the system ended with ${ended}, not with 0: ${system.stderr.slice(-2000)}`)
    else if (withoutEvents(system.stderr) !== '') this.#problems.push(`the system wrote ${system.stderr.slice(-2000)}`)
    const counts = {
      sessions: this.#sessions,
      'of them ended for that': faults,
      nodes: this.#nodes,
      ...Object.fromEntries(this.#done),
    }
    return {
      title: `a system ${curve === undefined ? 'without' : 'with'} CURVE`,
      frames: this.#sent,
      counts,
      problems: this.#problems,
    }
  }

  /** Sessions of nodes that are to go mad when all have started. */
  readonly #waiting: FakeSession[] = []

  #goesMad(session: FakeSession, once: number): boolean {
    if (!this.#isMad) {
      if (once === 1 && this.#sent === 0) this.#waiting.push(session)
      return false
    }
    if (session.isMad || !this.#chance.once(once)) return false
    this.#attack(session)
    return true
  }

  /** Says what may be read, and then what cannot be. */
  #attack(session: FakeSession): void {
    session.isMad = true
    this.#sessions += 1
    const certain = 1 + this.#chance.below(MOST_FRAMES)
    for (let frame = 1; frame <= certain; frame++) this.#send(session, this.#damage(frame === certain))
  }

  #damage(isCertain: boolean): Damage {
    for (;;) {
      const damage = this.#chance.pick(this.#damages)
      if (damage.isCertain === isCertain && (damage.once === undefined || this.#chance.once(damage.once))) return damage
    }
  }

  #send(session: FakeSession, damage: Damage): void {
    this.#sent += 1
    this.#done.set(damage.name, (this.#done.get(damage.name) ?? 0) + 1)
    void this.#node?.send(session, damage.make(this.#text(session, damage), this.#chance))
  }

  /** What is inside of an error can be anything, so that is damaged where nothing can be read. */
  #text(session: FakeSession, { name }: Damage): string {
    for (;;) {
      const text = this.#chance.pick(this.#texts)
      if (name !== 'a wrong field' || !text.includes('"error"'))
        return this.#chance.once(8) ? text : inTurn(text, session)
    }
  }
}

/** What a real node says within a session, but for a farewell. */
async function captureTexts(): Promise<readonly string[]> {
  const model = await NodeChild.start('--threads-max', '2', '--root', '/')
  try {
    const { byNode } = await captureConversation(model.endpoint)
    return [...new Set(byNode)].filter(text => !text.startsWith('{"ended"') && !text.includes('"closed"'))
  } finally {
    await model.stop()
  }
}
