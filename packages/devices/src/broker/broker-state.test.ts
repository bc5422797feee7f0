import type { Frame } from '@zera/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkBrokerOptions } from './broker-options.js'
import { BrokerState, type BrokerLimits, type BrokerSend, type BrokerSide } from './broker-state.js'
import { readErrorReply } from './protocol/error-reply.js'
import { heldBytesOf } from './protocol/held-frames.js'
import { clientRequest, fromWorker, workerReady, workerReply } from './protocol/mdp-messages.js'
import { readClientReply, readWorkerMessage } from './protocol/mdp-peers.js'
import { readBrokerMessage, type MdpVersion } from './protocol/mdp.js'

const LIMITS: BrokerLimits = {
  heartbeatMs: 100,
  silenceMs: 300,
  busySilenceMs: 300,
  requestTimeoutMs: 1000,
  maxAttempts: 2,
  maxQueued: 3,
  maxHeldBytes: 50_000,
  maxServices: 3,
  maxWorkers: 3,
  maxMessageBytes: 1000,
}

/**
 * The world outside of a broker: clients and workers that see what it sends. Breaking the protocol towards a worker
 * fails the test.
 */
class World {
  readonly state: BrokerState
  nowMs = 0
  /** Workers that have registered and were not told to go, with the client of the request that each has. */
  readonly workers = new Map<string, { readonly version: MdpVersion; client: Buffer | undefined; body?: string }>()
  /** What each client waits for, and what it got. */
  readonly asked = new Map<string, number>()
  readonly finals: { readonly client: string; readonly body: string[] }[] = []
  readonly partials: { readonly client: string; readonly body: string[] }[] = []
  last: BrokerSend[] = []

  constructor(limits: Partial<BrokerLimits> = {}) {
    this.state = new BrokerState({ ...LIMITS, ...limits }, 0)
  }

  ask(client: string, version: MdpVersion, service: string, body: readonly Frame[] = [client]): void {
    this.asked.set(client, (this.asked.get(client) ?? 0) + 1)
    this.#arrive(client, clientRequest(version, service, body))
  }

  ready(worker: string, version: MdpVersion, service: string): void {
    if (!this.workers.has(worker)) this.workers.set(worker, { version, client: undefined })
    this.#arrive(worker, workerReady(version, service))
  }

  reply(worker: string, isFinal: boolean, body = 'done'): void {
    const known = this.workers.get(worker)
    const { version, client } = known ?? { version: '0.1', client: undefined }
    const isWhole = isFinal || version === '0.1'
    if (known !== undefined && isWhole) known.client = undefined
    this.#arrive(worker, workerReply(version, client ?? Buffer.from('nobody'), [body], isWhole))
  }

  say(worker: string, command: 'heartbeat' | 'disconnect'): void {
    const version = this.workers.get(worker)?.version ?? '0.2'
    if (command === 'disconnect') this.workers.delete(worker)
    this.#arrive(worker, fromWorker(version, command))
  }

  /** Anything, which may happen to be of the protocol. */
  raw(sender: string, frames: readonly Frame[]): void {
    const message = readBrokerMessage([sender, ...frames].map(frame => Buffer.from(frame)))
    if (message.kind === 'request') this.asked.set(sender, (this.asked.get(sender) ?? 0) + 1)
    if (message.kind === 'ready' && !this.workers.has(sender))
      this.workers.set(sender, { version: message.version, client: undefined })
    if (message.kind === 'disconnect') this.workers.delete(sender)
    this.#arrive(sender, frames)
  }

  pass(ms: number): void {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs;)
      this.sleep(Math.min(this.state.tickMs, untilMs - this.nowMs))
  }

  /** Time in which the broker does not run. */
  sleep(ms: number): void {
    this.nowMs += ms
    this.see(this.state.tick(this.nowMs))
  }

  /** ZeroMQ could not deliver one of the last sends. */
  lose(at: number): void {
    const send = this.last[at % Math.max(1, this.last.length)]
    if (send === undefined) return
    const before = this.state.statistics.workersLost.unreachable
    const sends = this.state.undelivered(send, this.nowMs)
    // One that has registered anew meanwhile is not lost with what was for the one before.
    if (this.state.statistics.workersLost.unreachable > before) this.workers.delete(String(send.frames[0]))
    this.see(sends)
  }

  see(sends: BrokerSend[]): void {
    if (sends.length > 0) this.last = sends
    for (const { frames, isReply } of sends) {
      const [address, ...rest] = frames.map(frame => Buffer.from(frame)) as [Buffer, ...Buffer[]]
      if (isReply) this.#client(String(address), rest)
      else this.#worker(String(address), rest)
    }
  }

  #arrive(sender: string, frames: readonly Frame[]): void {
    this.see(
      this.state.receive(
        [sender, ...frames].map(frame => Buffer.from(frame)),
        this.nowMs,
      ),
    )
  }

  #client(client: string, frames: Buffer[]): void {
    const version = String(frames[0]) === 'MDPC02' ? '0.2' : '0.1'
    // A proxy in between takes its own address off.
    const own = version === '0.2' ? frames : frames.slice(frames.findIndex(({ length }) => length === 0))
    const reply = readClientReply(own, version, String(own[2]))
    if (reply === undefined) throw new Error(`A client got what is none of the protocol: ${frames.join(' | ')}`)
    ;(reply.isFinal ? this.finals : this.partials).push({ client, body: reply.body.map(String) })
  }

  #worker(name: string, frames: Buffer[]): void {
    const worker = this.workers.get(name)
    const message = readWorkerMessage(frames, worker?.version ?? (frames[0]?.length === 0 ? '0.1' : '0.2'))
    if (message === undefined) throw new Error(`Worker ${name} got what is none of the protocol: ${frames.join(' | ')}`)
    if (message.kind === 'disconnect') this.workers.delete(name)
    else if (worker === undefined) throw new Error(`Worker ${name} got ${message.kind} though it was given up`)
    else if (message.kind === 'request') {
      if (worker.client !== undefined) throw new Error(`Worker ${name} got a second request`)
      worker.client = message.client
      worker.body = String(message.body[0])
    }
  }
}

describe('BrokerState', () => {
  test('gives requests to the worker that was idle longest', () => {
    const world = new World()
    for (const worker of ['a', 'b', 'c']) world.ready(worker, '0.1', 'echo')

    world.ask('one', '0.1', 'echo')
    world.reply('a', true)
    world.ask('two', '0.1', 'echo')
    world.ask('three', '0.1', 'echo')
    world.ask('four', '0.1', 'echo')

    expect(Array.from(world.workers.values(), ({ body }) => body)).toEqual(['four', 'two', 'three'])
  })

  test('gives a request to another worker when its own is lost, before those that came later, up to the limit', () => {
    const world = new World()
    world.ready('a', '0.1', 'echo')
    world.ask('first', '0.1', 'echo')
    world.ask('second', '0.1', 'echo')

    world.say('a', 'disconnect')
    world.ready('b', '0.1', 'echo')
    expect(world.workers.get('b')?.body).toBe('first')
    world.raw('b', ['', 'MDPW01', '\u0007'])

    expect(world.finals).toEqual([{ client: 'first', body: ['ZERA-ERROR', 'worker-lost', expect.any(String)] }])
    expect(world.state.statistics).toMatchObject({
      retries: 1,
      waiting: 1,
      workersLost: { disconnected: 1, misbehaved: 1 },
      malformed: { command: 1 },
    })
  })

  test('does not begin anew when a part of the reply is with the client, but does when it was kept for one that knows no parts', () => {
    const world = new World({ maxAttempts: 10 })
    world.ready('a', '0.2', 'echo')
    world.ask('streaming', '0.2', 'echo')
    world.reply('a', false, 'part')
    world.say('a', 'disconnect')
    world.ready('b', '0.2', 'echo')
    world.ask('plain', '0.1', 'echo')
    world.reply('b', false, 'lost part')
    world.say('b', 'disconnect')
    world.ready('c', '0.2', 'echo')
    world.reply('c', false, 'part')
    world.reply('c', true, 'end')

    expect(world.finals).toEqual([
      { client: 'streaming', body: ['ZERA-ERROR', 'worker-lost', expect.any(String)] },
      { client: 'plain', body: ['part', 'end'] },
    ])
  })

  test('tells workers that it is there when it has told them nothing for a heartbeat, and gives up those that are silent', () => {
    const world = new World({ busySilenceMs: Infinity })
    world.ready('idle', '0.1', 'one')
    world.ready('busy', '0.2', 'two')
    world.ask('client', '0.2', 'two')

    world.pass(99)
    expect(world.last.map(({ frames }) => frames.length)).toEqual([6])
    world.pass(1)
    expect(world.last.map(({ frames }) => frames.slice(1))).toEqual([
      ['', 'MDPW01', '\u0004'],
      ['MDPW02', '\u0005'],
    ])
    world.pass(200)

    expect([...world.workers.keys()]).toEqual(['busy'])
    expect(world.state.statistics.workersLost.silent).toBe(1)
  })

  test('does not take the time in which it could not listen for silence', () => {
    const world = new World()
    world.ready('a', '0.1', 'echo')

    world.sleep(10_000)
    expect(world.state.statistics.workers).toBe(1)
    world.pass(275)

    expect(world.state.statistics.workersLost.silent).toBe(1)
  })

  test('answers a request whose time is over, and drops the reply that comes later', () => {
    const world = new World({ silenceMs: Infinity, busySilenceMs: Infinity })
    world.ready('a', '0.1', 'echo')
    world.ask('client', '0.1', 'echo')

    world.pass(1000)
    world.reply('a', true)
    world.ask('other', '0.1', 'echo')
    world.reply('a', true)

    expect(
      world.finals.map(({ client, body }) => [client, readErrorReply(body.map(frame => Buffer.from(frame)))?.fault]),
    ).toEqual([
      ['client', 'expired'],
      ['other', undefined],
    ])
    expect(world.state.statistics).toMatchObject({ late: 1, replies: 1, errors: 1 })
  })

  test('refuses requests and replies that are too large, and workers beyond the limits', () => {
    const world = new World({ silenceMs: Infinity, busySilenceMs: Infinity })
    for (const worker of ['a', 'b', 'c', 'd']) world.ready(worker, '0.1', worker)
    world.ready('e', '0.1', 'mmi.mine')

    world.ask('large', '0.1', 'a', ['x'.repeat(1001)])
    world.ask(
      'many',
      '0.2',
      'a',
      Array.from({ length: 1001 }, () => ''),
    )
    world.ask('client', '0.1', 'a')
    world.reply('a', true, 'x'.repeat(1001))

    expect(world.finals.map(({ client, body }) => [client, body[1]])).toEqual([
      ['large', 'too-large'],
      ['many', 'too-large'],
      ['client', 'too-large'],
    ])
    expect(world.state.statistics).toMatchObject({ workers: 3, workersRefused: 2, errorsByFault: { 'too-large': 3 } })
  })

  test('holds no more bytes than it may, and forgets those of requests that were answered', () => {
    const heldBytes = heldBytesOf(['one'], ['x'.repeat(1000)])
    const world = new World({ maxHeldBytes: 1.5 * heldBytes, silenceMs: Infinity, busySilenceMs: Infinity })
    world.ready('a', '0.1', 'echo')
    world.ask('one', '0.1', 'echo', ['x'.repeat(1000)])
    world.ask('two', '0.1', 'echo', ['x'.repeat(501)])
    world.reply('a', true)
    world.ask('three', '0.1', 'echo', ['x'.repeat(501)])
    world.pass(1000)
    world.ask('four', '0.1', 'echo', ['x'.repeat(1000)])

    expect(world.finals.map(({ client, body }) => [client, body[1]])).toEqual([
      ['two', 'queue-full'],
      ['one', undefined],
      ['three', 'expired'],
    ])
    expect(world.state.pendingRequests).toBe(1)
  })

  test('counts frames, addresses and partial replies that wait among the bytes that it holds', () => {
    const world = new World({ maxHeldBytes: 100_000 })
    const many = Array.from({ length: 500 }, () => '')
    const far = [...Array.from({ length: 15 }, () => 'x'.repeat(255)), '', 'MDPC01', 'echo', '']

    world.ask('frames', '0.1', 'echo', many)
    for (let at = 0; at < 20; at++) world.raw(`far ${at}`, far)
    const { errorsByFault, waiting } = world.state.statistics

    expect(errorsByFault['queue-full']).toBeGreaterThan(0)
    expect(waiting).toBeLessThan(15)

    const gathering = new World({ maxHeldBytes: 4000 })
    gathering.ready('w', '0.2', 'echo')
    gathering.ask('plain', '0.1', 'echo')
    for (let part = 0; part < 10; part++) gathering.reply('w', false, '')
    expect(gathering.finals).toMatchObject([
      { client: 'plain', body: ['ZERA-ERROR', 'queue-full', expect.any(String)] },
    ])
  })

  test('by default lets 60,000 small requests of one client wait, and answers each', () => {
    const world = new World({ ...checkBrokerOptions({ bind: 'tcp://127.0.0.1:5555' }).limits })
    const requests = 60_000

    for (let at = 0; at < requests; at++) world.ask('ahead', '0.1', 'echo', ['x'])
    world.ready('w', '0.1', 'echo')
    for (let at = 0; at < requests; at++) world.reply('w', true)

    expect(world.finals).toHaveLength(requests)
    expect(world.state.statistics).toMatchObject({ requests, replies: requests, errors: 0 })
  })

  test('leaves room to others, however greedy a client is', () => {
    const world = new World({ maxQueued: 100, maxServices: 10, maxHeldBytes: 500_000, requestTimeoutMs: 1000 })

    for (let at = 0; at < 200; at++) world.ask('greedy', '0.1', 'echo')
    for (let at = 0; at < 200; at++) world.ask('names', '0.1', `service ${at}`)
    for (let at = 0; at < 200; at++) world.ask('large', '0.1', `large ${at % 2}`, ['x'.repeat(1000)])
    const refused = world.finals.length
    world.ask('late', '0.1', 'echo')
    world.ask('later', '0.1', 'another name')

    expect(world.finals).toHaveLength(refused)
    expect(world.state.statistics.services.length).toBeLessThan(10)
  })

  test('lets workers register however many names are asked for, and forgets names with their requests', () => {
    const world = new World({ maxServices: 2, maxQueued: 100 })
    for (const client of ['a', 'b', 'c']) world.ask(client, '0.1', `of ${client}`)

    for (const worker of ['v', 'w', 'x']) world.ready(worker, '0.1', `by ${worker}`)

    expect(world.state.statistics).toMatchObject({ workers: 2, workersRefused: 1, errorsByFault: { 'queue-full': 1 } })
    world.pass(1000)
    expect(world.state.statistics.services.map(({ name }) => name)).toEqual([])
  })

  test('takes replies from a worker for the request that it has alone, and tells no worker by which address clients are reached', () => {
    const world = new World({ maxAttempts: 10 })
    world.ready('a', '0.2', 'one')
    world.ready('b', '0.2', 'two')
    world.ask('client', '0.2', 'one')
    world.ask('client', '0.2', 'two')
    const [first, second] = ['a', 'b'].map(name => world.workers.get(name)?.client) as [Buffer, Buffer]
    expect([String(first), String(second)]).not.toContain('client')

    world.raw('a', workerReply('0.2', second, ['of another'], true))
    world.raw('b', workerReply('0.2', Buffer.from('client'), ['by address'], true))
    world.ready('a', '0.2', 'one')
    world.raw('a', workerReply('0.2', first, ['replayed'], true))

    expect(world.finals).toEqual([])
    expect(world.state.statistics).toMatchObject({ workersLost: { misbehaved: 3 }, waiting: 2, replies: 0 })
  })

  test('heeds at each endpoint only the peers that may speak there', () => {
    const state = new BrokerState(LIMITS, 0)
    const say = (from: BrokerSide, sender: string, frames: readonly Frame[]): string[][] =>
      state
        .receive(
          [sender, ...frames].map(frame => Buffer.from(frame)),
          0,
          from,
        )
        .map(send => send.frames.map(String))

    for (const frames of [
      workerReady('0.2', 'echo'),
      workerReply('0.2', Buffer.from('1'), ['x'], true),
      fromWorker('0.1', 'heartbeat'),
      fromWorker('0.2', 'disconnect'),
    ])
      expect(say('clients', 'same', frames)).toEqual([])
    expect(say('workers', 'same', clientRequest('0.2', 'echo', ['x']))).toEqual([])
    expect(state.statistics).toMatchObject({ misplaced: 5, workers: 0, requests: 0 })

    expect(say('workers', 'same', workerReady('0.2', 'echo'))).toEqual([])
    // Of another side, so not of this worker.
    say('clients', 'same', ['nonsense'])
    say('clients', 'same', fromWorker('0.2', 'disconnect'))
    expect(say('clients', 'same', clientRequest('0.2', 'echo', ['x']))).toMatchObject([
      ['same', 'MDPW02', '\u0002', '1', '', 'x'],
    ])
    expect(say('workers', 'same', clientRequest('0.2', 'echo', ['x']))).toMatchObject([['same', 'MDPW02', '\u0006']])
    expect(state.statistics).toMatchObject({
      misplaced: 7,
      workers: 0,
      requests: 1,
      waiting: 1,
      workersLost: { misbehaved: 1 },
    })
  })

  test('gives no client a reply with a hole', () => {
    const world = new World()
    world.ready('a', '0.2', 'echo')
    world.ask('client', '0.2', 'echo')
    world.reply('a', false, 'one')

    world.lose(0)
    world.reply('a', false, 'two')
    world.reply('a', true, 'three')

    expect(world.partials.map(({ body }) => body)).toEqual([['one']])
    expect(world.finals).toMatchObject([{ client: 'client', body: ['ZERA-ERROR', 'queue-full', expect.any(String)] }])
    expect(world.state.statistics).toMatchObject({ undeliverable: 1, errors: 1, replies: 0, late: 1, workers: 1 })
  })

  test('says which services have workers, and which of its own it does not know', () => {
    const world = new World()
    world.ready('a', '0.1', 'echo')

    world.ask('one', '0.1', 'mmi.service', ['echo'])
    world.ask('two', '0.2', 'mmi.service', ['other'])
    world.ask('three', '0.1', 'mmi.other')

    expect(world.finals.map(({ body }) => body)).toEqual([['200'], ['404'], ['501']])
  })

  test('forgets services without requests and workers', () => {
    const world = new World()
    for (const service of ['a', 'b', 'c', 'd']) world.ask(service, '0.1', service)
    expect(world.finals).toEqual([{ client: 'd', body: ['ZERA-ERROR', 'queue-full', expect.any(String)] }])

    world.pass(1000)

    expect(world.state.statistics.services).toEqual([])
    world.ready('a', '0.1', 'e')
    expect(world.state.statistics.services).toEqual([{ name: 'e', waiting: 0, workers: 1, idleWorkers: 1 }])
  })

  const worker = fc.constantFrom('w1', 'w2', 'w3', 'w4')
  const client = fc.constantFrom('c1', 'c2', 'c3')
  const service = fc.constantFrom('s1', 's2', 's3', 's4')
  const version = fc.constantFrom<MdpVersion>('0.1', '0.2')
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(client, version, service).map(
        ([who, how, what]) =>
          (world: World) =>
            world.ask(who, how, what),
      ),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(worker, version, service).map(
        ([who, how, what]) =>
          (world: World) =>
            world.ready(who, how, what),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(worker, fc.boolean()).map(
        ([who, isFinal]) =>
          (world: World) =>
            world.reply(who, isFinal),
      ),
    },
    fc.tuple(worker, fc.constantFrom('heartbeat' as const, 'disconnect' as const)).map(
      ([who, what]) =>
        (world: World) =>
          world.say(who, what),
    ),
    fc.nat(400).map(ms => (world: World) => world.pass(ms)),
    fc.nat(10).map(at => (world: World) => world.lose(at)),
    fc
      .tuple(
        fc.oneof(worker, client),
        fc.array(
          fc.oneof(
            fc.constantFrom('', 'MDPC01', 'MDPW01', 'MDPC02', 'MDPW02', '\u0001', '\u0003', 's1', 'c1'),
            fc.string(),
          ),
          { maxLength: 6 },
        ),
      )
      .map(
        ([who, frames]) =>
          (world: World) =>
            world.raw(who, frames),
      ),
    fc
      .boolean()
      .map(isPause => (world: World) => (isPause ? world.state.pause() : world.see(world.state.resume(world.nowMs)))),
  )

  test('answers each request once, gives no worker two, and tells none anything that was given up, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const world = new World()

        for (const take of steps) {
          take(world)
          const { requests, replies, errors, waiting, inFlight, services } = world.state.statistics
          expect(requests).toBe(replies + errors + waiting + inFlight)
          for (const { waiting: queued, workers } of services)
            expect(queued).toBeLessThanOrEqual(LIMITS.maxQueued + LIMITS.maxWorkers + workers)
        }
        world.pass(LIMITS.requestTimeoutMs)

        expect(world.state.pendingRequests).toBe(0)
        const answered = new Map<string, number>()
        for (const { client: name } of world.finals) answered.set(name, (answered.get(name) ?? 0) + 1)
        expect(answered).toEqual(world.asked)
      }),
      { numRuns: 2000 },
    )
  })

  test('answers all that is left when it closes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const world = new World()
        for (const take of steps) take(world)

        world.see(world.state.close())

        const { requests, replies, errors, waiting, inFlight, workers } = world.state.statistics
        expect([requests - replies - errors, waiting, inFlight, workers]).toEqual([0, 0, 0, 0])
        expect(world.finals).toHaveLength(requests)
      }),
      { numRuns: 2000 },
    )
  })
})
