import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../base/errors.js'
import type { GatewayFailure } from './calls/gateway-failure.js'
import { GatewayDesk, type AdmittedCall } from './gateway-desk.js'
import type { GatewayCall, GatewayLimits } from './gateway-options.js'
import type { Reply } from './reply-sender.js'

const LIMITS: GatewayLimits = {
  maxRequestBytes: 200,
  maxReplyBytes: 6000,
  maxInFlight: 5,
  maxInFlightPerClient: 3,
  maxHeldBytes: 45_000,
  maxHeldBytesPerClient: 25_000,
  maxUnreadBytes: 60_000,
  deadlineMs: 100,
  rate: { perSecond: 100, burst: 10 },
}

/** A desk, with clients and targets. */
class Office {
  readonly failures: GatewayFailure[] = []
  readonly desk = new GatewayDesk(
    new Map([['echo', { methods: new Set(['echo']), target: { methods: ['echo'], call: () => undefined } }]]),
    LIMITS,
    failure => this.failures.push(failure),
  )
  readonly calls: { readonly call: AdmittedCall; readonly client: string }[] = []
  readonly asked: string[] = []
  readonly answered: string[] = []
  nowMs = 0

  ask(client: string, text: string): void {
    const admitted = this.desk.admit(
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
    this.#deliver(this.desk.finish(found.call, value, this.nowMs))
    this.settle(at)
  }

  fail(at: number, thrown: unknown): void {
    const found = this.calls[at % Math.max(1, this.calls.length)]
    if (found === undefined) return
    this.#deliver(this.desk.threw(found.call, thrown))
    this.settle(at)
  }

  expire(at: number): void {
    const found = this.calls[at % Math.max(1, this.calls.length)]
    if (found !== undefined) this.#deliver(this.desk.giveUp(found.call, 'deadline', 'it took too long'))
  }

  settle(at: number): void {
    const [found] = this.calls.splice(at % Math.max(1, this.calls.length), 1)
    if (found !== undefined) this.desk.settled(found.call)
  }

  #deliver(reply: Reply | undefined): void {
    if (reply === undefined) return
    expect(String(reply.frames[0])).toBe(reply.client)
    this.answered.push(reply.client)
    const sizeBytes = String(reply.frames.at(-1)).length
    this.desk.unread.hold(reply.client, sizeBytes, this.nowMs)
    this.desk.unread.take(reply.client, sizeBytes, this.nowMs)
  }
}

const client = fc.constantFrom('a', 'b', 'c')
const request = '{"actor":"echo","method":"echo"}'
const step = fc.oneof(
  { weight: 4, arbitrary: client.map(who => (office: Office) => office.ask(who, request)) },
  fc
    .tuple(client, fc.oneof(fc.constant(request.replace('echo', 'other')), fc.constant('x'.repeat(201)), fc.string()))
    .map(
      ([who, text]) =>
        (office: Office) =>
          office.ask(who, text),
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
          (office: Office) =>
            office.finish(at, value),
      ),
  },
  fc.tuple(fc.nat(), fc.constantFrom(new GatewayError('shown'), new Error('secret'), 'secret')).map(
    ([at, thrown]) =>
      (office: Office) =>
        office.fail(at, thrown),
  ),
  fc.nat().map(at => (office: Office) => office.expire(at)),
  fc.nat(100).map(ms => (office: Office) => void (office.nowMs += ms)),
  fc.boolean().map(isDrain => (office: Office) => (isDrain ? office.desk.drain() : office.desk.resume())),
)

test('GatewayDesk answers each request once, keeps its limits, and its counters add up, whatever happens', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), steps => {
      const office = new Office()

      for (const take of steps) {
        take(office)
        const { requests, values, errors, errorsByFault, ignored, unanswered, inFlight, heldBytes, unreadBytes } =
          office.desk.statistics
        expect(requests).toBe(values + errors + ignored + unanswered)
        expect([heldBytes <= LIMITS.maxHeldBytes, unreadBytes <= LIMITS.maxUnreadBytes, heldBytes > 0]).toEqual([
          true,
          true,
          inFlight > 0,
        ])
        expect(Object.values(errorsByFault).reduce((sum, count) => sum + count)).toBe(errors)
        expect([inFlight, inFlight <= LIMITS.maxInFlight]).toEqual([office.calls.length, true])
        for (const name of ['a', 'b', 'c'])
          expect(office.calls.filter(call => call.client === name).length).toBeLessThanOrEqual(
            LIMITS.maxInFlightPerClient,
          )
      }
      while (office.calls.length > 0) office.finish(0, null)

      expect(office.desk.statistics).toMatchObject({ unanswered: 0, inFlight: 0, heldBytes: 0 })
      expect(office.answered.toSorted((a, b) => a.localeCompare(b))).toEqual(
        office.asked.toSorted((a, b) => a.localeCompare(b)),
      )
    }),
    { numRuns: 1000 },
  )
})

describe('GatewayDesk', () => {
  test('looks at the rate before anything is read, and answers one that goes on above it no more', () => {
    const office = new Office()
    const outcomes: string[] = []

    for (let sent = 0; sent < 1000; sent++) {
      const admitted = office.desk.admit(
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
    expect(office.desk.statistics).toMatchObject({ requests: 1000, errors: 26, ignored: 974 })
    office.ask('b', '{"actor":"echo","method":"echo"}')
    expect(office.calls).toHaveLength(1)
  })

  test('reports a failure with the reply to its client, and an exposed error not at all', () => {
    const office = new Office()
    const told = (thrown: unknown): unknown => {
      const call = office.desk.admit(
        ['a', '', '{"actor":"echo","method":"echo","id":7}'].map(frame => Buffer.from(frame)),
        0,
      ) as AdmittedCall
      const reply = office.desk.threw(call, thrown)
      office.desk.settled(call)
      return JSON.parse(String(reply?.frames.at(-1)))
    }

    const error = new Error('the password is secret')
    const masked = told(error) as { error: { incident: string; message: string } }

    expect(office.failures).toEqual([
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
    expect(office.failures).toHaveLength(1)
  })

  test('reports what is thrown after the answer, but not what is thrown because the call was given up', () => {
    const office = new Office()
    const late = (thrown: (signal: AbortSignal) => unknown): void => {
      let signal = new AbortController().signal
      const target = {
        methods: ['echo'],
        call: (_method: string, _args: readonly unknown[], call: GatewayCall) => void ({ signal } = call),
      }
      const desk = new GatewayDesk(new Map([['echo', { methods: new Set(['echo']), target }]]), LIMITS, failure =>
        office.failures.push(failure),
      )
      const call = desk.admit(
        ['a', '', '{"actor":"echo","method":"echo","timeoutMs":1}'].map(frame => Buffer.from(frame)),
        0,
      ) as AdmittedCall
      call.run()
      desk.giveUp(call, 'deadline', 'it took too long')
      expect(desk.threw(call, thrown(signal))).toBe(undefined)
    }

    late(signal => signal.reason)
    late(signal => new Error('aborted', { cause: signal.reason }))
    expect(office.failures).toEqual([])
    late(() => new Error('a real one'))
    expect(office.failures).toMatchObject([{ fault: 'failed', isLate: true, error: { message: 'a real one' } }])
  })

  test('holds no more bytes than it may, of one client and of all, but always one call', () => {
    const office = new Office()
    const busy = (who: string, text: string): boolean => {
      office.ask(who, text)
      return office.desk.statistics.errorsByFault['too-busy'] > 0
    }
    const small = '{"actor":"echo","method":"echo"}'
    const large = `{"actor":"echo","method":"echo","args":[${Array.from({ length: 50 }, () => '[]').join(',')}]}`

    expect([busy('a', large), busy('a', small)]).toEqual([false, true])
    office.finish(0, null)
    expect([office.desk.statistics.heldBytes, office.desk.statistics.inFlight]).toEqual([0, 0])
  })
})
