import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mistakenClass, Mistaken } from '../fixtures/actors/mistaken.js'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'
import { simulate } from '../testing/simulation/simulate.js'
import { startSystem } from './start-system.js'
import type { System } from './system.js'

let system: System
let ref: ActorRef<Mistaken>
let any: Record<string, (...args: unknown[]) => unknown>

beforeAll(async () => {
  system = await startSystem({ threads: 2 })
  ref = await system.spawn(mistakenClass)
  any = system as never
})
afterAll(() => system.stop())

/** A function of the package as a program without types sees it. */
function loose(called: (...args: never[]) => unknown): (...args: unknown[]) => unknown {
  return called as never
}

const start = loose(startSystem)
const define = loose(defineActor)

describe('an option that there is not', () => {
  test.each<[string, () => unknown]>([
    ['thread', () => start({ thread: 2 })],
    ['time', () => start({ time: 2 })],
    ['lvl', () => start({ log: { lvl: 'info' } })],
    ['thread', () => start({ compute: { thread: 1 } })],
    ['nam', () => start({ nodes: [{ name: 'a', nam: 'b' }] })],
    ['beatMs', () => start({ heartbeat: { beatMs: 5 } })],
    ['nam', () => any['spawn']?.(mistakenClass, { nam: 'x' })],
    ['max', () => any['spawn']?.(mistakenClass, { backoff: { max: 1 } })],
    ['env', () => any['spawn']?.(mistakenClass, { env: {} })],
    ['env', () => any['startPool']?.(mistakenClass, { size: 1, env: {} })],
    ['minimum', () => any['startPool']?.(mistakenClass, { size: { minimum: 1, max: 2 } })],
    ['after', () => any['startPool']?.(mistakenClass, { size: 1, recycle: { after: 1 } })],
    ['strategi', () => any['supervise']?.([], { strategi: 'one-for-all' })],
    ['propz', () => any['supervise']?.([{ start: mistakenClass, propz: 1 }])],
    ['maxRestart', () => any['supervise']?.([{ start: { children: [], maxRestart: 1 } }])],
    ['time', () => any['compute']?.(() => 1, [], { time: 5 })],
    ['time', () => any['snapshot']?.({ time: 5 })],
    ['time', () => any['stop']?.({ time: 5 })],
    ['time', () => any['stop']?.(ref, { time: 5 })],
    ['time', () => any['watch']?.(ref, { time: 5 })],
    ['time', () => any['lookup']?.('x', undefined, { time: 5 })],
    ['time', () => loose(ref.ready.bind(ref))({ time: 5 })],
    ['timeout', () => loose(ref.ask)({ timeout: 50 })],
    ['abort', () => loose(ref.stream)({ abort: 50 })],
    ['seed', () => loose(simulate)({ seed: 1 }, () => undefined)],
    ['redelivers', () => define(import.meta.url, Mistaken, { redelivers: true })],
    ['max', () => define(import.meta.url, Mistaken, { mailbox: { max: 1 } })],
    ['grace', () => define(import.meta.url, Mistaken, { cancel: { grace: 1 } })],
    ['restarts', () => define(import.meta.url, Mistaken, { children: { restarts: 1 } })],
  ])('%s is refused by name', async (name, call) => {
    const error: unknown = await (async () => call())().catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toContain(`no option ${name};`)
  })
})

describe('options that are none', () => {
  test.each<[string, () => unknown]>([
    ["ask('add', 1)", () => loose(ref.ask)('add', 1)],
    ['ask(1)', () => loose(ref.ask)(1)],
    ['ask(null)', () => loose(ref.ask)(null)],
    ["stream('upTo')", () => loose(ref.stream)('upTo')],
    ['stop(1)', () => any['stop']?.(1)],
    ['spawn(definition, 1)', () => any['spawn']?.(mistakenClass, 1)],
    ['startPool(definition, 3)', () => any['startPool']?.(mistakenClass, 3)],
    ['compute(job, 1)', () => any['compute']?.(() => 1, 1)],
  ])('%s is refused', async (_call, call) => {
    await expect((async () => call())()).rejects.toBeInstanceOf(TypeError)
  })
})

describe('what may be left out', () => {
  test('the size of a pool is the number of threads then', async () => {
    const pool = await system.startPool(mistakenClass)
    const { pools } = await system.snapshot()

    expect(pools.map(({ workers }) => workers.length)).toEqual([2])
    await system.stop(pool)
  })

  test('the arguments of a job are none then', async () => {
    expect(await any['compute']?.((...args: unknown[]) => args.length)).toBe(0)
  })

  test('the options of an ask are the defaults then', async () => {
    expect(await (loose(ref.ask)() as typeof ref.ask).calls()).toBe(0)
  })
})
