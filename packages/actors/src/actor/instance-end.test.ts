import { trackResource } from '@zera/core'
import { beforeEach, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import { actorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'
import type { System } from '../system/system.js'
import { simulate } from '../testing/simulation/simulate.js'
import type { Simulation } from '../testing/simulation/simulation.js'

let log: string[] = []
let made = 0
/** What goes wrong once, in the instance of a number. */
let trouble: Readonly<Record<number, string>> = {}

class Tenant {
  readonly #context = actorContext()
  readonly #number = ++made
  constructor() {
    this.#open('field')
    this.#meet('constructor')
  }
  async onStart(): Promise<void> {
    log.push(`${this.#number} starts`)
    await Promise.resolve()
    this.#open('onStart')
    this.#meet('onStart')
    if (trouble[this.#number] === 'onStart hangs') await new Promise(() => undefined)
  }
  onRestart(): void {
    this.#meet('onRestart')
  }
  async onStop(reason: string, error?: Error): Promise<void> {
    log.push(`${this.#number} stops: ${reason}${error === undefined ? '' : `, ${error.name}`}`)
    this.#meet('onStop')
    if (trouble[this.#number] === 'onStop hangs') await new Promise(() => undefined)
  }
  fail(): never {
    throw new RangeError('no')
  }
  leave(): void {
    this.#context.stop()
  }
  #open(where: string): void {
    const forget = trackResource('timer', where, async () => {
      await Promise.resolve()
      forget()
      log.push(`${this.#number} closes ${where}`)
    })
  }
  #meet(where: string): void {
    if (trouble[this.#number] === where) throw new TypeError(where)
  }
}
const Tenants = defineActor(import.meta.url, Tenant)

expectNoLeaksAfterEach()
beforeEach(() => {
  log = []
  made = 0
  trouble = {}
})

const closed = (number: number): string[] => [`${number} closes onStart`, `${number} closes field`]
const failed = [`1 stops: it failed: no, RangeError`, ...closed(1)]

async function fail(system: System, actor: ActorRef<Tenant>): Promise<void> {
  const restarted = nextEvent(system, 'actor-restarted')
  actor.tell.fail()
  await restarted
}

async function stopStarting(system: System, actor: ActorRef<Tenant>, simulation: Simulation): Promise<void> {
  actor.tell.fail()
  while (!log.includes('2 starts')) await simulation.pass(1)
  await system.stop(actor)
}

const endings: [
  what: string,
  trouble: Readonly<Record<number, string>>,
  end: (system: System, actor: ActorRef<Tenant>, simulation: Simulation) => Promise<unknown>,
  lines: string[],
][] = [
  ['a throw in a handler', {}, fail, [...failed, '2 starts']],
  ['a throw in onStop behind that', { 1: 'onStop' }, fail, [...failed, '2 starts']],
  ['an onStop that hangs behind that', { 1: 'onStop hangs' }, fail, [...failed, '2 starts']],
  ['a throw in the constructor', { 2: 'constructor' }, fail, [...failed, '2 closes field', '3 starts']],
  ['a throw in onStart', { 2: 'onStart' }, fail, [...failed, '2 starts', ...closed(2), '3 starts']],
  [
    'a throw in onRestart',
    { 2: 'onRestart' },
    fail,
    [...failed, '2 starts', '2 stops: it failed: onRestart, TypeError', ...closed(2), '3 starts'],
  ],
  ['a stop', {}, (system, actor) => system.stop(actor), ['1 stops: system.stop stopped it', ...closed(1)]],
  [
    'a stop that does not wait for onStart',
    { 2: 'onStart hangs' },
    stopStarting,
    [...failed, '2 starts', ...closed(2)],
  ],
  [
    'a stop by itself',
    {},
    async (system, actor) => {
      const stopped = nextEvent(system, 'actor-stopped')
      actor.tell.leave()
      await stopped
    },
    ['1 stops: it stopped itself', ...closed(1)],
  ],
]

test.each(endings)(
  '%s closes what the instance has opened, after onStop and before the next begins',
  async (_what, wrong, end, lines) => {
    trouble = wrong
    await simulate({ seeds: [1], threads: 1 }, async simulation => {
      const { system } = simulation
      const actor = await system.spawn(Tenants, { shutdownMs: 50, maxRestarts: 5 })
      log = []

      await end(system, actor, simulation)

      expect(log).toEqual(lines)
    })
  },
)

test("a sibling's restart closes what the instances has opened", async () => {
  await simulate({ seeds: [1], threads: 1 }, async ({ system }) => {
    const supervisor = await system.supervise(
      [
        { id: 'a', start: Tenants },
        { id: 'b', start: Tenants, shutdownMs: 'kill' },
      ],
      { strategy: 'one-for-all', maxRestarts: 1 },
    )
    log = []
    const restarted = nextEvent(system, 'actor-restarted')

    // With `kill` there is no onStop.
    supervisor.actor(Tenants, 'b').tell.fail()
    await restarted

    expect(log.slice(0, 5)).toEqual([...closed(2), '1 stops: its sibling b is restarted', ...closed(1)])
  })
})
