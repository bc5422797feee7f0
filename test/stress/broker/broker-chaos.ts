import { setTimeout } from 'node:timers/promises'
import { openSocket, startDetached, type Detached } from '@zera/core'
import { startBroker, startBrokerClient, type BrokerStatistics } from '@zera/devices'
import { chance } from '../../crash/chance.js'
import { askOnce, type Outcome } from './broker-ask.js'

/** How long it goes on, and how rough. */
export interface ChaosOptions {
  readonly forMs: number
  readonly killEveryMs: number
}

/** What came of it. */
export interface ChaosReport {
  readonly killed: {
    readonly worker: number
    readonly client: number
    readonly threads: number
    readonly processes: number
  }
  /** Of the clients that were never killed, by what came of each request. */
  readonly survivors: Readonly<Record<Outcome, number>>
  /** What clients that were killed later reported before: wrong replies, and silence. */
  readonly complaints: number
  readonly broker: BrokerStatistics
}

type Role = 'worker' | 'client'

interface Victim {
  readonly role: Role
  readonly kind: 'thread' | 'process'
  readonly detached: Detached
}

const POPULATION: Readonly<Record<Role, number>> = { worker: 6, client: 4 }
const SURVIVORS = 4
const HEARTBEAT = { heartbeatMs: 100, liveness: 50 }
/** A request is answered within this, with an error if need be. */
const REQUEST_MS = 5000
/** So a peer that has heard nothing for longer was forgotten. */
const SILENCE_MS = 4 * REQUEST_MS
/** One in so many victims is a process; the others are threads. */
const PROCESS_EVERY = 10
const SEED = 7

/**
 * Workers and clients of a broker are killed again and again while others ask: each of those has to get its reply or
 * its error.
 */
export async function brokerChaos({ forMs, killEveryMs }: ChaosOptions): Promise<ChaosReport> {
  await using broker = await startBroker({
    bind: 'tcp://127.0.0.1:*',
    requestTimeoutMs: REQUEST_MS,
    maxAttempts: 5,
    ...HEARTBEAT,
  })
  await using tally = await openSocket('PULL')
  const data = {
    broker: broker.endpoints[0],
    tally: await tally.bind('tcp://127.0.0.1:*'),
    timeoutMs: SILENCE_MS,
    ...HEARTBEAT,
  }
  await using client = await startBrokerClient({ broker: data.broker, timeoutMs: SILENCE_MS })
  await using crowd = new Crowd(data)
  await crowd.fill()
  const over = new AbortController()
  const survivors: Record<Outcome, number> = { reply: 0, error: 0, wrong: 0, silence: 0 }
  const asking = Array.from({ length: SURVIVORS }, async (_, asker) => {
    for (let number = 0; !over.signal.aborted; number++)
      survivors[await askOnce(client, `survivor ${asker} ${number}`)] += 1
  })

  const untilMs = performance.now() + forMs
  while (performance.now() < untilMs) {
    await setTimeout(killEveryMs)
    crowd.killOne()
  }

  over.abort()
  await Promise.all(asking)
  await crowd[Symbol.asyncDispose]()
  await broker.drain()
  let complaints = 0
  while (tally.isReady) {
    await tally.receive()
    complaints += 1
  }
  return { killed: crowd.killed, survivors, complaints, broker: await broker.statistics() }
}

/** The faults in what came of it; none is how it has to be. */
export function judgeChaos({ survivors, complaints, broker }: ChaosReport): string[] {
  const { requests, replies, errors, waiting, inFlight } = broker
  const faults: string[] = []
  if (survivors.silence > 0) faults.push(`${survivors.silence} requests were never answered`)
  if (survivors.wrong > 0) faults.push(`${survivors.wrong} replies were those of others`)
  if (complaints > 0)
    faults.push(`${complaints} requests of clients that were killed later were never answered, or wrongly`)
  if (survivors.reply === 0) faults.push('no client got a reply')
  if (requests !== replies + errors + waiting + inFlight || waiting + inFlight > 0)
    faults.push(`${requests} requests are not ${replies} replies and ${errors} errors`)
  return faults
}

/** The workers and clients that can be killed. For each that was, another one comes. */
class Crowd implements AsyncDisposable {
  readonly killed = { worker: 0, client: 0, threads: 0, processes: 0 }
  readonly #data: unknown
  readonly #random = chance(SEED)
  readonly #victims = new Set<Victim>()
  readonly #starting = new Set<Promise<void>>()
  #started = 0
  #isClosed = false

  constructor(data: unknown) {
    this.#data = data
  }

  /** Resolves when all are there. */
  async fill(): Promise<void> {
    for (const role of ['worker', 'client'] as const) for (let at = 0; at < POPULATION[role]; at++) this.#add(role)
    await Promise.all(this.#starting)
  }

  killOne(): void {
    // The last of its kind stays: without a kill there is nothing to find out.
    const mortal = [...this.#victims].filter(({ role }) => this.#count(role) > 1)
    const victim = mortal[this.#random() % mortal.length]
    if (victim === undefined) return
    this.#victims.delete(victim)
    this.killed[victim.role] += 1
    this.killed[victim.kind === 'thread' ? 'threads' : 'processes'] += 1
    const ended = victim.detached.kill().then(() => undefined)
    this.#starting.add(ended)
    void ended.then(() => this.#starting.delete(ended))
    this.#add(victim.role)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    while (this.#starting.size > 0) await Promise.all(this.#starting)
    await Promise.all(Array.from(this.#victims, ({ detached }) => detached.stop({ timeoutMs: 5000 })))
    this.#victims.clear()
  }

  #count(role: Role): number {
    return [...this.#victims].filter(victim => victim.role === role).length
  }

  #add(role: Role): void {
    const started = this.#start(role)
    this.#starting.add(started)
    void started.then(() => this.#starting.delete(started))
  }

  async #start(role: Role): Promise<void> {
    this.#started += 1
    const kind = this.#started % PROCESS_EVERY === 0 ? 'process' : 'thread'
    const url = new URL(role === 'worker' ? './broker-worker.js' : './broker-asker.js', import.meta.url)
    const detached = await startDetached(url, {
      in: kind,
      name: `${role} ${this.#started}`,
      data: this.#data,
      startMs: Infinity,
    })
    if (this.#isClosed) await detached.stop()
    else this.#victims.add({ role, kind, detached })
  }
}
