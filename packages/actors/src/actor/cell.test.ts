import { ManualClock } from '@zera/core/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { notInjected } from '../fixtures/hosts/one-thread-hosts.js'
import type { ComputeClient } from '../host/compute-client.js'
import type { Directory } from '../host/directory/directory.js'
import { Watching } from '../host/watching.js'
import { Loggers } from '../log/loggers.js'
import { envelopeOf, type Envelope, type Origin, type Refusal } from '../messaging/envelope.js'
import type { Messenger } from '../messaging/messenger.js'
import { TraceLog } from '../messaging/tracing/trace-log.js'
import { actorContext, type ActorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'
import { BlackBox } from './black-box/black-box.js'
import { Cell, type CellHost } from './cell.js'
import { Scheduler } from './scheduler.js'

let log: unknown[] = []
/** What goes wrong, or takes time, in the life of the next instance. */
let trouble: 'constructor' | 'onStart' | 'onRestart' | 'onStop' | 'onStart hangs' | 'onStop hangs' | undefined
let letGo: () => void = () => undefined

class Actor {
  readonly context = actorContext()
  constructor() {
    if (trouble === 'constructor') throw new RangeError('constructor')
    log.push('made')
  }
  async onStart(props: unknown): Promise<void> {
    log.push(['onStart', props])
    if (trouble === 'onStart') throw new RangeError('onStart')
    if (trouble === 'onStart hangs') await new Promise<void>(resolve => (letGo = resolve))
  }
  onRestart(error: Error, method: string | undefined): void {
    log.push(['onRestart', error.message, method])
    if (trouble === 'onRestart') throw new RangeError('onRestart')
  }
  async onStop(reason: string): Promise<void> {
    log.push(['onStop', reason, this.context.signal.aborted])
    if (trouble === 'onStop') throw new RangeError('onStop')
    if (trouble === 'onStop hangs') await new Promise(() => undefined)
  }
  note(value: unknown): unknown {
    log.push(value)
    return value
  }
  show(look: (context: ActorContext) => void): void {
    look(this.context)
  }
  fail(text: string): never {
    throw new RangeError(text)
  }
  throwValue(value: unknown): never {
    throw value
  }
  async hold(): Promise<string> {
    log.push('held')
    await new Promise<void>(resolve => (letGo = resolve))
    return 'let go'
  }
  async holdThenLook(): Promise<void> {
    await new Promise<void>(resolve => (letGo = resolve))
    this.context.signal.throwIfAborted()
  }
  async holdAndFail(): Promise<never> {
    await new Promise<void>(resolve => (letGo = resolve))
    throw new RangeError('held')
  }
}
const definition = defineActor(import.meta.url, Actor)

/** Writes down what becomes of messages. */
class RecordingOrigin implements Origin {
  readonly host = 1
  readonly told: unknown[] = []
  unfinished = 0
  begin({ method }: Envelope): void {
    this.told.push(`begin ${method}`)
  }
  finish(): void {
    this.unfinished -= 1
  }
  answer({ method }: Envelope, value: unknown): void {
    if (typeof value === 'function') throw new TypeError('not cloneable')
    this.told.push([method, value])
  }
  refuse({ method }: Envelope, refusal: Refusal): void {
    this.told.push([method, refusal.kind])
  }
  item(): void {}
}

function openCell() {
  const clock = new ManualClock()
  const failures: unknown[] = []
  const deadLetters: unknown[] = []
  const lines: string[] = []
  let disposed = 0
  const scheduler = new Scheduler(clock)
  const host: CellHost = {
    scheduler,
    clock,
    compute: undefined as unknown as ComputeClient,
    blackBox: new BlackBox(clock),
    times: undefined,
    outbox: { isIdle: true, idle: async () => undefined, post: () => true },
    traces: new TraceLog(0, clock),
    loggers: new Loggers(0, clock, ({ level, text }) => void lines.push(`${level} ${text}`)),
    keeper: undefined as unknown as CellHost['keeper'],
    directory: undefined as unknown as Directory,
    watching: new Watching(1, { watch: () => undefined, unwatch: () => undefined }),
    createInjector: () => ({
      construct: actorClass => new actorClass(),
      inject: notInjected,
      dispose: async () => void (disposed += 1),
    }),
    messenger: { system: { tell: { stop: () => undefined } } } as unknown as Messenger,
    system: {
      undelivered: ({ method, args }, reason, _error, progress) =>
        void deadLetters.push([method, args, reason, ...(progress === undefined ? [] : [progress])]),
      failed: (_id, error, method) => void failures.push([error.message, method]),
    },
  }
  const self = { toString: () => '/actor' } as ActorRef<object>
  const cell = new Cell({ host, id: 16, definition, self, props: { some: 'props' } })
  const origin = new RecordingOrigin()
  let correlation = 0
  const send = (kind: 'tell' | 'ask', method: string, ...args: unknown[]): Envelope => {
    correlation += 1
    const envelope = envelopeOf({
      to: 16,
      method,
      args,
      origin,
      slot: correlation,
      correlation: kind === 'tell' ? 0 : correlation,
      kind,
    })
    origin.unfinished += 1
    cell.loop.deliver(envelope)
    return envelope
  }
  return { cell, clock, scheduler, origin, send, failures, deadLetters, lines, disposed: () => disposed }
}

const never = (): AbortSignal => new AbortController().signal

beforeEach(() => {
  log = []
  trouble = undefined
})

describe('Cell.start()', () => {
  test('makes the instance and runs onStart; messages wait for run()', async () => {
    const { cell, send } = openCell()
    send('tell', 'note', 1)

    await cell.start()
    await settled()
    expect([cell.state, log]).toEqual(['ready', ['made', ['onStart', { some: 'props' }]]])
    cell.run()
    await settled()

    expect([cell.state, log.at(-1), cell.loop.mailbox.size]).toEqual(['running', 1, 0])
  })

  test.each(['constructor', 'onStart'] as const)(
    'fails when its %s throws, and lets go of what was injected',
    async where => {
      const { cell, disposed } = openCell()
      trouble = where

      await expect(cell.start()).rejects.toMatchObject({ message: where })

      expect([cell.state, disposed()]).toEqual(['failed', 1])
    },
  )

  test('runs onRestart on the new instance, and lets go of the old', async () => {
    const { cell, disposed } = openCell()
    await cell.start()

    await cell.start({ error: new Error('why'), method: 'note' })

    expect(log.slice(2)).toEqual([
      ['onStop', 'it failed: why', false],
      'made',
      ['onStart', { some: 'props' }],
      ['onRestart', 'why', 'note'],
    ])
    expect(disposed()).toBe(1)
  })

  test('can be tried again when it has failed, with the messages that wait', async () => {
    const { cell, send } = openCell()
    send('tell', 'note', 'waited')
    trouble = 'onRestart'
    await expect(cell.start({ error: new Error('why'), method: undefined })).rejects.toThrow(RangeError)
    trouble = undefined

    await cell.start({ error: new Error('why'), method: undefined })
    cell.run()
    await settled()

    expect(log.at(-1)).toBe('waited')
  })

  test('is refused when the actor is being stopped', async () => {
    const { cell } = await runningCell()
    await cell.stop('enough', never())

    await expect(cell.start({ error: new Error('why'), method: undefined })).rejects.toMatchObject({
      code: 'ZERA_ACTOR_STOPPED',
    })
    expect(cell.state).toBe('stopped')
  })
})

describe('Cell', () => {
  test('handles one message at a time, in order', async () => {
    const { send, origin } = await runningCell()
    send('ask', 'hold')
    send('ask', 'note', 1)
    send('tell', 'note', 2)
    await settled()
    expect(log).toEqual(['held'])

    letGo()
    await settled()

    expect(log).toEqual(['held', 1, 2])
    expect(origin.told).toEqual(['begin hold', ['hold', 'let go'], 'begin note', ['note', 1], 'begin note'])
    expect(origin.unfinished).toBe(0)
  })

  test('takes its turn with others once a message, however many wait', async () => {
    const { scheduler, send } = await runningCell()
    for (let n = 0; n < 50; n++) send('tell', 'note', n)
    let others = 0
    scheduler.add({
      runOne: () => {
        others += 1
        return log.length < 50
      },
    })

    await settled()

    expect([log.length, others]).toEqual([50, 50])
  })

  test('holds the messages behind one that failed, and goes on with them when it is restarted', async () => {
    const { cell, send, origin, failures, deadLetters } = await runningCell()
    send('ask', 'fail', 'asked')
    send('tell', 'note', 1)
    await settled()

    expect([cell.state, cell.loop.mailbox.size, log]).toEqual(['failed', 1, [['onStop', 'it failed: asked', false]]])
    expect(origin.told.at(-1)).toEqual(['fail', 'threw'])
    expect(failures).toEqual([['asked', 'fail']])

    await cell.start({ error: new Error('asked'), method: 'fail' })
    cell.run()
    await settled()
    expect([cell.state, cell.loop.mailbox.size, log.at(-1)]).toEqual(['running', 0, 1])
    expect([deadLetters, origin.unfinished]).toEqual([[], 0])
  })

  test('gives the messages behind one that failed back when it is stopped instead', async () => {
    const { cell, send, origin, deadLetters } = await runningCell()
    send('tell', 'fail', 'told')
    send('tell', 'note', 1)
    send('ask', 'note', 2)
    await settled()

    expect(await cell.stop('given up', never())).toBe('failed')

    expect(deadLetters).toEqual([
      ['fail', ['told'], 'handler-threw'],
      ['note', [1], 'actor-stopped', 'not-begun'],
    ])
    expect(origin.told.at(-1)).toEqual(['note', 'stopped'])
    expect([log, origin.unfinished]).toEqual([[['onStop', 'it failed: told', false]], 0])
  })

  test('tells of a failure when onStop has ended, or its time is over; what it throws is logged', async () => {
    const { cell, send, failures, clock, lines } = await runningCell({ shutdownMs: 20 })
    trouble = 'onStop hangs'
    send('tell', 'fail', 'first')
    await settled()
    expect([cell.state, failures]).toEqual(['failed', []])
    const restarted = cell.start({ error: new Error('first'), method: 'fail' })
    clock.advance(20)
    await restarted
    expect([failures, lines]).toEqual([[['first', 'fail']], ['warn onStop did not end in time and was left alone']])

    cell.run()
    trouble = 'onStop'
    send('tell', 'fail', 'second')
    await settled()

    expect([failures.length, lines.at(-1)]).toEqual([2, 'error the end of an instance that had failed went wrong'])
  })

  test('fails with an error also when something else is thrown', async () => {
    const { cell, send, failures } = await runningCell()

    send('tell', 'throwValue', Object.create(null))
    await settled()

    expect([cell.state, failures]).toEqual([
      'failed',
      [[expect.stringContaining('not an Error') as string, 'throwValue']],
    ])
  })

  test('answers an error, and goes on, when its answer cannot be cloned', async () => {
    const { cell, send, origin } = await runningCell()
    send('ask', 'note', () => undefined)
    send('ask', 'note', 1)

    await settled()

    expect(origin.told).toEqual(['begin note', ['note', 'threw'], 'begin note', ['note', 1]])
    expect([cell.state, origin.unfinished]).toEqual(['running', 0])
  })

  test('refuses a method that it does not have, and goes on', async () => {
    const { cell, send, origin, deadLetters } = await runningCell()
    send('ask', 'steal')
    send('tell', 'onStart')
    send('tell', 'note', 1)

    await settled()

    expect(origin.told).toContainEqual(['steal', 'unknown-method'])
    expect(deadLetters).toEqual([['onStart', [], 'unknown-method']])
    expect([cell.state, log]).toEqual(['running', [1]])
  })

  test('tells a handler that its asker has given up, also when it looks only later', async () => {
    const { cell, send, failures, origin } = await runningCell()
    const envelope = send('ask', 'holdThenLook')
    await settled()

    cell.loop.withdraw(envelope)
    letGo()
    send('ask', 'note', 'next')
    await settled()

    expect([cell.state, failures, origin.unfinished]).toEqual(['running', [], 0])
    expect(log).toEqual(['next'])
  })

  test('fails when a handler throws something else after its asker has given up', async () => {
    const { cell, send, failures } = await runningCell()
    const envelope = send('ask', 'holdAndFail')
    await settled()

    cell.loop.withdraw(envelope)
    letGo()
    await settled()

    expect(failures).toEqual([['held', 'holdAndFail']])
  })

  test('takes a message that was withdrawn out of its mailbox', async () => {
    const { cell, send, origin, deadLetters } = await runningCell()
    send('ask', 'hold')
    const waiting = send('ask', 'note', 1)
    await settled()

    cell.loop.withdraw(waiting)
    cell.loop.withdraw(waiting)
    letGo()
    await settled()

    expect([log, deadLetters, origin.unfinished]).toEqual([['held'], [['note', [1], 'withdrawn']], 0])
  })
})

describe('Cell.stop()', () => {
  test('handles all that has arrived, then runs onStop', async () => {
    const { cell, send, disposed } = await runningCell()
    send('tell', 'hold')
    send('tell', 'note', 1)
    await settled()
    const stopped = cell.stop('enough', never())

    letGo()

    expect(await stopped).toBe('drained')
    expect(log).toEqual(['held', 1, ['onStop', 'enough', true]])
    expect([cell.state, disposed()]).toEqual(['stopped', 1])
  })

  test('refuses at once what arrives after it, whatever it still has to do', async () => {
    const { cell, send, deadLetters, origin } = await runningCell()
    send('tell', 'hold')
    send('ask', 'note', 1)
    await settled()

    const stopped = cell.stop('enough', never())
    send('tell', 'note', 2)
    send('ask', 'note', 3)
    expect(origin.told).toEqual(['begin hold', ['note', 'stopping']])
    letGo()

    expect(await stopped).toBe('drained')
    expect(log).toEqual(['held', 1, ['onStop', 'enough', true]])
    expect([deadLetters, origin.unfinished]).toEqual([[['note', [2], 'actor-stopped', 'not-begun']], 0])
  })

  test('handles what promises bring it meanwhile, and takes nothing from timers', async () => {
    const { cell, clock, send } = await runningCell()
    send('tell', 'show', (context: ActorContext) => {
      context.every(10, () => log.push('tick'))
      context.whenIdle(10, () => log.push('idle'))
      context.pipe(Promise.resolve('piped'), value => log.push(value))
    })
    send('tell', 'hold')

    const stopped = cell.stop('enough', never())
    await settled()
    clock.advance(100)
    letGo()

    expect(await stopped).toBe('drained')
    expect(log).toEqual(['held', 'piped', ['onStop', 'enough', true]])
  })

  test('goes on when the last message that waits is withdrawn', async () => {
    const { cell, send } = await runningCell()
    const waiting = send('ask', 'note', 1)

    const stopped = cell.stop('enough', never())
    cell.loop.withdraw(waiting)

    expect(await stopped).toBe('drained')
    expect(log).toEqual([['onStop', 'enough', true]])
  })

  test('handles what is taken back from the stash meanwhile', async () => {
    const { cell, send } = await runningCell()
    send('tell', 'show', (context: ActorContext) => context.stash())
    await settled()
    send('tell', 'hold')
    send('tell', 'show', (context: ActorContext) => {
      context.unstashAll()
      context.become({ show: () => log.push('was stashed') })
    })

    const stopped = cell.stop('enough', never())
    await settled()
    letGo()

    expect(await stopped).toBe('drained')
    expect(log).toEqual(['held', 'was stashed', ['onStop', 'enough', true]])
  })

  test('gives everything back when it must hurry, tells the handler, and leaves it alone', async () => {
    const { cell, send, origin, deadLetters } = await runningCell()
    const hurry = new AbortController()
    send('ask', 'hold')
    send('tell', 'note', 1)
    await settled()
    const stopped = cell.stop('enough', hurry.signal)

    hurry.abort()
    expect(await stopped).toBe('hurried')
    letGo()
    await settled()

    expect(origin.told).toEqual(['begin hold', ['hold', 'interrupted']])
    expect(deadLetters).toEqual([['note', [1], 'actor-stopped', 'not-begun']])
    expect([log, origin.unfinished]).toEqual([['held', ['onStop', 'enough', true]], 0])
  })

  test('ends at once when a handler throws meanwhile: what is behind it is given back', async () => {
    const { cell, send, deadLetters, origin } = await runningCell()
    send('ask', 'holdAndFail')
    send('tell', 'note', 1)
    await settled()
    const stopped = cell.stop('enough', never())

    letGo()

    expect(await stopped).toBe('failed')
    expect([deadLetters, origin.unfinished]).toEqual([[['note', [1], 'actor-stopped', 'not-begun']], 0])
  })

  test('waits for a start that is under way, and stops what has started', async () => {
    const { cell } = openCell()
    trouble = 'onStart hangs'
    const started = cell.start()
    await settled()

    const stopped = cell.stop('enough', never())
    letGo()

    await started
    expect(await stopped).toBe('drained')
    expect(log.at(-1)).toEqual(['onStop', 'enough', true])
  })

  test('does not wait for a start when it must hurry; what starts later is let go of', async () => {
    const { cell, disposed } = openCell()
    trouble = 'onStart hangs'
    const started = cell.start()
    await settled()

    expect(await cell.stop('enough', AbortSignal.abort())).toBe('hurried')
    letGo()

    await expect(started).rejects.toMatchObject({ code: 'ZERA_ACTOR_STOPPED' })
    cell.run()
    expect([cell.state, disposed(), log.length]).toEqual(['stopped', 1, 2])
  })

  test('throws what onStop throws, and has stopped all the same', async () => {
    const { cell, disposed } = await runningCell()
    trouble = 'onStop'

    await expect(cell.stop('enough', never())).rejects.toMatchObject({ message: 'onStop' })

    expect([cell.state, disposed()]).toEqual(['stopped', 1])
  })

  test('twice is one stop', async () => {
    const { cell } = await runningCell()

    const stops = [cell.stop('enough', never()), cell.stop('again', never())]

    expect(stops[0]).toBe(stops[1])
    await Promise.all(stops)
    expect(log).toEqual([['onStop', 'enough', true]])
  })

  test('gives back what arrives later', async () => {
    const { cell, send, deadLetters, origin } = await runningCell()
    await cell.stop('enough', never())

    send('tell', 'note', 1)
    send('ask', 'note', 2)

    expect(deadLetters).toEqual([['note', [1], 'actor-stopped', 'not-begun']])
    expect([origin.told, origin.unfinished]).toEqual([[['note', 'stopped']], 0])
  })

  test('leaves a context whose signal has aborted', async () => {
    const { cell, send } = await runningCell()
    let context: ActorContext | undefined
    send('tell', 'show', (its: ActorContext) => (context = its))
    await settled()
    expect(context?.signal.aborted).toBe(false)

    await cell.stop('enough', never())

    expect([context?.signal.aborted, context?.sender]).toEqual([true, undefined])
  })
})

async function runningCell({ shutdownMs }: { readonly shutdownMs?: number } = {}) {
  const opened = openCell()
  await opened.cell.start(undefined, shutdownMs)
  opened.cell.run()
  log = []
  return opened
}

async function settled(): Promise<void> {
  await new Promise<void>(resolve => setImmediate(resolve))
}
