import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../base/errors.js'
import type { GatewayFailure } from './calls/gateway-failure.js'
import type { GatewayCall, GatewayLimits } from './gateway-options.js'
import { GatewayState, type AdmittedCall } from './gateway-state.js'
import type { Reply } from './reply-sender.js'

const LIMITS: GatewayLimits = {
  maxRequestBytes: 200,
  maxReplyBytes: 6000,
  maxInFlight: 5,
  maxInFlightPerClient: 3,
  maxHeldBytes: 45_000,
  maxHeldBytesPerClient: 25_000,
  maxUnreadBytes: 60_000,
  requestTimeoutMs: 100,
  rate: { perSecond: 100, burst: 10 },
}

/** A state, with clients and targets. */
class World {
  readonly failures: GatewayFailure[] = []
  readonly state = new GatewayState(
    new Map([['echo', { methods: new Set(['echo']), target: { methods: ['echo'], call: () => undefined } }]]),
    LIMITS,
    failure => this.failures.push(failure),
  )
  readonly calls: { readonly call: AdmittedCall; readonly client: string }[] = []
  readonly asked: string[] = []
  readonly answered: string[] = []
  nowMs = 0

  ask(client: string, text: string): void {
    const admitted = this.state.admit(
      [client, '', text].map(frame => Buffer.from(frame)),
      this.nowMs,
    )
    if (admitted === undefined) return
    this.asked.push(client)
    if ('reply' in admitted) this.#deliver(admitted.reply)
    else this.calls.push({ call: admitted, client })
  }

  finish(at: number, value: unknown): void {
    const found = this.calls[at % Math.max(1, this.calls.length)]
    if (found === undefined) return
    this.#deliver(this.state.finish(found.call, value, this.nowMs))
    this.settle(at)
  }

  fail(at: number, thrown: unknown): void {
    const found = this.calls[at % Math.max(1, this.calls.length)]
    if (found === undefined) return
    this.#deliver(this.state.threw(found.call, thrown))
    this.settle(at)
  }

  expire(at: number): void {
    const found = this.calls[at % Math.max(1, this.calls.length)]
    if (found !== undefined) this.#deliver(this.state.giveUp(found.call, 'deadline', 'it took too long'))
  }

  settle(at: number): void {
    const [found] = this.calls.splice(at % Math.max(1, this.calls.length), 1)
    if (found !== undefined) this.state.settled(found.call)
  }

  #deliver(reply: Reply | undefined): void {
    if (reply === undefined) return
    expect(String(reply.frames[0])).toBe(reply.client)
    this.answered.push(reply.client)
    const sizeBytes = String(reply.frames.at(-1)).length
    this.state.unread.hold(reply.client, sizeBytes, this.nowMs)
    this.state.unread.take(reply.client, sizeBytes, this.nowMs)
  }
}

const client = fc.constantFrom('a', 'b', 'c')
const request = '{"actor":"echo","method":"echo"}'
const step = fc.oneof(
  { weight: 4, arbitrary: client.map(who => (world: World) => world.ask(who, request)) },
  fc
    .tuple(client, fc.oneof(fc.constant(request.replace('echo', 'other')), fc.constant('x'.repeat(201)), fc.string()))
    .map(
      ([who, text]) =>
        (world: World) =>
          world.ask(who, text),
    ),
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.nat(),
        fc.oneof(fc.jsonValue(), fc.constant(1n), fc.constant('x'.repeat(5000)), fc.constant('x'.repeat(7000))),
      )
      .map(
        ([at, value]) =>
          (world: World) =>
            world.finish(at, value),
      ),
  },
  fc.tuple(fc.nat(), fc.constantFrom(new GatewayError('shown'), new Error('secret'), 'secret')).map(
    ([at, thrown]) =>
      (world: World) =>
        world.fail(at, thrown),
  ),
  fc.nat().map(at => (world: World) => world.expire(at)),
  fc.nat(100).map(ms => (world: World) => void (world.nowMs += ms)),
  fc.boolean().map(isDrain => (world: World) => (isDrain ? world.state.drain() : world.state.resume())),
)

test('GatewayState answers each request once, keeps its limits, and its counters add up, whatever happens', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), steps => {
      const world = new World()

      for (const take of steps) {
        take(world)
        const { requests, values, errors, errorsByFault, ignored, unanswered, inFlight, heldBytes, unreadBytes } =
          world.state.statistics
        expect(requests).toBe(values + errors + ignored + unanswered)
        expect([heldBytes <= LIMITS.maxHeldBytes, unreadBytes <= LIMITS.maxUnreadBytes, heldBytes > 0]).toEqual([
          true,
          true,
          inFlight > 0,
        ])
        expect(Object.values(errorsByFault).reduce((sum, count) => sum + count)).toBe(errors)
        expect([inFlight, inFlight <= LIMITS.maxInFlight]).toEqual([world.calls.length, true])
        for (const name of ['a', 'b', 'c'])
          expect(world.calls.filter(call => call.client === name).length).toBeLessThanOrEqual(
            LIMITS.maxInFlightPerClient,
          )
      }
      while (world.calls.length > 0) world.finish(0, null)

      expect(world.state.statistics).toMatchObject({ unanswered: 0, inFlight: 0, heldBytes: 0 })
      expect(world.answered.toSorted((a, b) => a.localeCompare(b))).toEqual(
        world.asked.toSorted((a, b) => a.localeCompare(b)),
      )
    }),
    { numRuns: 1000 },
  )
})

describe('GatewayState', () => {
  test('looks at the rate before anything is read, and answers one that goes on above it no more', () => {
    const world = new World()
    const outcomes: string[] = []

    for (let sent = 0; sent < 1000; sent++) {
      const admitted = world.state.admit(
        ['a', 'no', 'envelope'].map(frame => Buffer.from(frame)),
        0,
      )
      outcomes.push(
        admitted === undefined
          ? 'nothing'
          : (/"code":"([a-z-]+)"/.exec(String((admitted as { reply: Reply }).reply.frames.at(-1)))?.[1] ?? 'a call'),
      )
    }

    expect([
      outcomes.filter(outcome => outcome === 'bad-envelope').length,
      outcomes.filter(outcome => outcome === 'rate-limited').length,
    ]).toEqual([10, 16])
    expect(world.state.statistics).toMatchObject({ requests: 1000, errors: 26, ignored: 974 })
    world.ask('b', '{"actor":"echo","method":"echo"}')
    expect(world.calls).toHaveLength(1)
  })

  test('reports a failure with the reply to its client, and an exposed error not at all', () => {
    const world = new World()
    const told = (thrown: unknown): unknown => {
      const call = world.state.admit(
        ['a', '', '{"actor":"echo","method":"echo","id":7}'].map(frame => Buffer.from(frame)),
        0,
      ) as AdmittedCall
      const reply = world.state.threw(call, thrown)
      world.state.settled(call)
      return JSON.parse(String(reply?.frames.at(-1)))
    }

    const error = new Error('the password is secret')
    const masked = told(error) as { error: { incident: string; message: string } }

    expect(world.failures).toEqual([
      {
        incident: masked.error.incident,
        fault: 'failed',
        actor: 'echo',
        method: 'echo',
        client: '61',
        id: 7,
        isLate: false,
        error,
      },
    ])
    expect(JSON.stringify(masked)).not.toContain('secret')
    expect(told(new GatewayError('no such order'))).toEqual({
      id: 7,
      error: { code: 'failed', message: 'Cannot answer the request: no such order' },
    })
    expect(world.failures).toHaveLength(1)
  })

  test('reports what is thrown after the answer, but not what is thrown because the call was given up', () => {
    const world = new World()
    const late = (thrown: (signal: AbortSignal) => unknown): void => {
      let signal = new AbortController().signal
      const target = {
        methods: ['echo'],
        call: (_method: string, _args: readonly unknown[], call: GatewayCall) => void ({ signal } = call),
      }
      const state = new GatewayState(new Map([['echo', { methods: new Set(['echo']), target }]]), LIMITS, failure =>
        world.failures.push(failure),
      )
      const call = state.admit(
        ['a', '', '{"actor":"echo","method":"echo","timeoutMs":1}'].map(frame => Buffer.from(frame)),
        0,
      ) as AdmittedCall
      call.run()
      state.giveUp(call, 'deadline', 'it took too long')
      expect(state.threw(call, thrown(signal))).toBe(undefined)
    }

    late(signal => signal.reason)
    late(signal => new Error('aborted', { cause: signal.reason }))
    expect(world.failures).toEqual([])
    late(() => new Error('a real one'))
    expect(world.failures).toMatchObject([{ fault: 'failed', isLate: true, error: { message: 'a real one' } }])
  })

  test('holds no more bytes than it may, of one client and of all, but always one call', () => {
    const world = new World()
    const busy = (who: string, text: string): boolean => {
      world.ask(who, text)
      return world.state.statistics.errorsByFault['too-busy'] > 0
    }
    const small = '{"actor":"echo","method":"echo"}'
    const large = `{"actor":"echo","method":"echo","args":[${Array.from({ length: 50 }, () => '[]').join(',')}]}`

    expect([busy('a', large), busy('a', small)]).toEqual([false, true])
    world.finish(0, null)
    expect([world.state.statistics.heldBytes, world.state.statistics.inFlight]).toEqual([0, 0])
  })
})
