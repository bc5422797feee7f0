import { MessageTooLargeError } from '@zera/core'
import { ManualClock } from '@zera/core/testing'
import { expect, test } from 'vitest'
import type { ActorDoing } from '../../model/events/black-box-report.js'
import { StopLimit } from '../../model/time/stop-limit.js'
import { Guardians, type ActorEnd } from './guardians.js'
import type { HostSlot } from './host-slot.js'

const data = { host: 1, id: 16, name: 'one', url: 'file:///one.js', definition: 'One' }

/** Guardians that never answer, of a thread that goes down when the test says so. */
function openGuardians(tell: (method: string, args: unknown[]) => void = () => undefined) {
  const clock = new ManualClock()
  const limit = new StopLimit(clock)
  const killed: (number | undefined)[] = []
  const asked: string[] = []
  const slot = {
    number: 1,
    incarnation: 4,
    isRunning: true,
    isSilent: false,
    options: { isPrivate: false },
    blackBox: { running: undefined as number | undefined, actors: [] as ActorDoing[] },
  }
  let goDown: () => void = () => undefined
  let answer: (end: ActorEnd) => void = () => undefined
  const guardians = new Guardians(
    {
      main: {
        service: () => undefined,
        messenger: {
          askService: (_to, method) =>
            new Promise((resolve, reject) => {
              asked.push(method)
              answer = resolve
              goDown = () => reject(new Error('down'))
            }),
          tellService: (_to, method, args) => {
            asked.push(method)
            tell(method, args)
          },
        },
      },
      registry: { starting: () => undefined, started: () => undefined, gone: () => undefined, identityOf: () => data },
      slot: () => slot as unknown as HostSlot,
      killForOne: async (_slot, incarnation) => void killed.push(incarnation),
    },
    clock,
    limit,
  )
  return {
    clock,
    limit,
    asked,
    killed,
    slot,
    guardians,
    goDown: () => goDown(),
    answer: (end: ActorEnd) => answer(end),
  }
}

test.each(['stop', 'halt'] as const)(
  'Guardians.%s() takes no longer than the actor may, and kills that incarnation of its thread when it stays silent',
  async how => {
    const { clock, killed, slot, guardians, goDown } = openGuardians()
    const ended = guardians[how](data, { reason: 'the test is over', shutdownMs: 100, spentMs: 0 })

    clock.advance(150)
    expect([await ended, slot.isSilent, killed]).toEqual([{ outcome: 'hurried' }, true, []])
    slot.incarnation = 5
    clock.advance(10_000)
    goDown()

    expect(killed).toEqual([4])
  },
)

test.each([false, true])(
  'Guardians.stop() says which handler had the thread that it gave up; the thread of one actor alone: %s',
  async isPrivate => {
    const { clock, slot, guardians } = openGuardians()
    slot.options.isPrivate = isPrivate
    const handling = { method: 'spin', kind: 'ask', sinceMs: clock.epochMs() } as const
    slot.blackBox = { running: 16, actors: [{ id: 16, handling, handled: 0, waiting: 0 }] }
    const ended = guardians.stop(data, { reason: 'the test is over', shutdownMs: 100, spentMs: 0 })

    clock.advance(150)

    const outcome = isPrivate ? 'killed' : 'hurried'
    expect(await ended).toEqual({ outcome, stalledBy: 'spin() of One#16@1 "one" for 0.1 s' })
  },
)

/** Guardians that stop an actor whose thread is its own, after its time, when they wait for that thread's answer. */
async function waitForSlowThread() {
  const opened = openGuardians()
  opened.slot.options.isPrivate = true
  const ended = opened.guardians.stop(data, { reason: 'the test is over', shutdownMs: 100, spentMs: 0 })
  opened.clock.advance(150)
  while (opened.clock.timers === 0) await Promise.resolve()
  expect(opened.killed).toEqual([])
  return { ...opened, ended }
}

test('Guardians.stop() kills the thread that an actor has to itself, which no handler keeps, a moment later', async () => {
  const { clock, killed, ended } = await waitForSlowThread()

  clock.advance(250)

  expect([await ended, killed, clock.timers]).toEqual([{ outcome: 'killed' }, [4], 0])
})

test('Guardians.stop() takes the answer of a thread that is slow', async () => {
  const { answer, killed, ended, clock } = await waitForSlowThread()

  answer({ outcome: 'drained' })

  expect([await ended, killed, clock.timers]).toEqual([{ outcome: 'drained' }, [], 0])
})

test('Guardians.stop() waits for no slow thread when the system kills what is left', async () => {
  const { clock, limit, killed, ended } = await waitForSlowThread()

  limit.begin(0)
  clock.advance(100)

  expect([await ended, killed]).toEqual([{ outcome: 'killed' }, [4]])
})

test('Guardians.stop() of one without a deadline is hurried, and given up, with the system', async () => {
  const { clock, limit, asked, guardians } = openGuardians()
  const ended = guardians.stop(data, { reason: 'the test is over', shutdownMs: Infinity, spentMs: 0 })

  limit.begin(1000)
  clock.advance(500)
  expect(asked).toEqual(['stop', 'hurry'])
  clock.advance(100)

  expect(await ended).toEqual({ outcome: 'killed' })
})

test('Guardians.actorDown() says so where the error of an actor is too large to travel', () => {
  const told: unknown[] = []
  const tooLarge = new MessageTooLargeError('0', 2, 1)
  const { guardians } = openGuardians((_method, args) => {
    if (told.push(args) === 1) throw tooLarge
  })

  guardians.actorDown(1, 17, 1, { target: data, reason: 'failed', error: new Error('long'), method: 'act' })

  expect(told).toMatchObject([
    [17, 1, { error: { message: 'long' } }],
    [17, 1, { reason: 'failed', error: tooLarge }],
  ])
})
