import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GatewayDesk, type AdmittedCall } from './gateway-desk.js'
import type { GatewayLimits } from './gateway-options.js'

const LIMITS: GatewayLimits = { maxRequestBytes: 200, maxReplyBytes: 100, maxInFlight: 5, maxInFlightPerClient: 3, deadlineMs: 100, rate: { perSecond: 100, burst: 10 } }

/** A desk, with those who ask and those who are called. */
class Office {
  readonly desk = new GatewayDesk(new Map([['echo', { methods: new Set(['echo']), target: { methods: ['echo'], call: () => undefined } }]]), LIMITS)
  readonly calls: { readonly call: AdmittedCall; readonly client: string }[] = []
  readonly asked: string[] = []
  readonly answered: string[] = []
  nowMs = 0

  ask(client: string, text: string): void {
    this.asked.push(client)
    const admitted = this.desk.admit([client, '', text].map(frame => Buffer.from(frame)), this.nowMs)
    if ('frames' in admitted) this.#deliver(admitted.frames)
    else this.calls.push({ call: admitted, client })
  }

  finish(at: number, value: unknown): void {
    const found = this.calls[at % Math.max(1, this.calls.length)]
    if (found === undefined) return
    this.#deliver(this.desk.finish(found.call, value))
    this.settle(at)
  }

  expire(at: number): void {
    const found = this.calls[at % Math.max(1, this.calls.length)]
    if (found !== undefined) this.#deliver(this.desk.fail(found.call, 'deadline', 'it took too long'))
  }

  settle(at: number): void {
    const [found] = this.calls.splice(at % Math.max(1, this.calls.length), 1)
    if (found !== undefined) this.desk.settled(found.call)
  }

  #deliver(frames: readonly (string | Uint8Array)[] | undefined): void {
    if (frames !== undefined) this.answered.push(String(frames[0]))
  }
}

const client = fc.constantFrom('a', 'b', 'c')
const request = '{"actor":"echo","method":"echo"}'
const step = fc.oneof(
  { weight: 4, arbitrary: client.map(who => (office: Office) => office.ask(who, request)) },
  fc.tuple(client, fc.oneof(fc.constant(request.replace('echo', 'other')), fc.constant('x'.repeat(201)), fc.string())).map(([who, text]) => (office: Office) => office.ask(who, text)),
  { weight: 2, arbitrary: fc.tuple(fc.nat(), fc.oneof(fc.jsonValue(), fc.constant(1n), fc.constant('x'.repeat(200)))).map(([at, value]) => (office: Office) => office.finish(at, value)) },
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
        const { requests, values, errors, errorsByFault, unanswered, inFlight } = office.desk.statistics
        expect(requests).toBe(values + errors + unanswered)
        expect(Object.values(errorsByFault).reduce((sum, count) => sum + count)).toBe(errors)
        expect([inFlight, inFlight <= LIMITS.maxInFlight]).toEqual([office.calls.length, true])
        for (const name of ['a', 'b', 'c']) expect(office.calls.filter(call => call.client === name).length).toBeLessThanOrEqual(LIMITS.maxInFlightPerClient)
      }
      while (office.calls.length > 0) office.finish(0, null)

      expect(office.desk.statistics).toMatchObject({ unanswered: 0, inFlight: 0 })
      expect(office.answered.toSorted((a, b) => a.localeCompare(b))).toEqual(office.asked.toSorted((a, b) => a.localeCompare(b)))
    }),
    { numRuns: 1000 },
  )
})
