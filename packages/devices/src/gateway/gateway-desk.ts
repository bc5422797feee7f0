import type { Frame } from '@zera/core'
import { newFaultCounts, type GatewayErrorReply, type GatewayFault } from './gateway-fault.js'
import type { CheckedTargets, GatewayLimits } from './gateway-options.js'
import { readGatewayRequest, type GatewayRequest, type RequestId } from './gateway-request.js'
import type { GatewayStatistics } from './gateway-statistics.js'
import { TokenBuckets } from './token-buckets.js'

/** A call that may be made. */
export interface AdmittedCall {
  readonly envelope: readonly Buffer[]
  readonly id: RequestId
  readonly deadlineMs: number
  /** Makes it. */
  run(): unknown
}

interface OpenCall extends AdmittedCall {
  readonly client: string
  readonly abort: AbortController
  isAnswered: boolean
}

/** Clients whose rate is remembered. */
const MAX_CLIENTS = 10_000

/**
 * Where a gateway decides what may be called, and keeps account of it, without IO and without a clock: it is told when a request came, and says what the reply is or that
 * the call may be made.
 */
export class GatewayDesk {
  readonly #targets: CheckedTargets
  readonly #limits: GatewayLimits
  readonly #buckets: TokenBuckets
  readonly #calls = new Set<OpenCall>()
  readonly #callsByClient = new Map<string, number>()
  readonly #counts = { requests: 0, values: 0, errors: 0, errorsByFault: newFaultCounts(), undeliverable: 0, late: 0 }
  #unanswered = 0
  #isDraining = false

  constructor(targets: CheckedTargets, limits: GatewayLimits) {
    this.#targets = targets
    this.#limits = limits
    this.#buckets = new TokenBuckets(limits.rate, MAX_CLIENTS)
  }

  get statistics(): Omit<GatewayStatistics, 'authenticated' | 'denied'> {
    return { ...structuredClone(this.#counts), unanswered: this.#unanswered, inFlight: this.#calls.size }
  }

  /** The calls that are under way. */
  get calls(): readonly AdmittedCall[] {
    return [...this.#calls]
  }

  /** Calls that are not answered. */
  get unanswered(): number {
    return this.#unanswered
  }

  /** From now on nothing is admitted. */
  drain(): void {
    this.#isDraining = true
  }

  /** From now on calls are admitted, as at the start. */
  resume(): void {
    this.#isDraining = false
  }

  /** Decides about a message: the frames of the refusal, or the call that is to be made. */
  admit(frames: readonly Buffer[], nowMs: number): AdmittedCall | { readonly frames: readonly Frame[] } {
    this.#counts.requests += 1
    const request = readGatewayRequest(frames, this.#limits.maxRequestBytes)
    if ('fault' in request) return this.#refuse(request, request.fault, request.problem)
    const client = clientOf(request)
    const retryMs = this.#buckets.take(client, nowMs)
    if (retryMs > 0) return this.#refuse(request, 'rate-limited', `more than ${this.#limits.rate.perSecond} requests a second`, Math.ceil(retryMs))
    if (this.#isDraining) return this.#refuse(request, 'stopping', 'the gateway takes no more requests')
    const listed = this.#targets.get(request.actor)
    if (listed?.methods.has(request.method) !== true) return this.#refuse(request, 'not-allowed', 'there is no such actor and method for you')
    const ofClient = this.#callsByClient.get(client) ?? 0
    if (ofClient >= this.#limits.maxInFlightPerClient) return this.#refuse(request, 'too-busy', `${ofClient} calls of yours are under way (limit ${this.#limits.maxInFlightPerClient})`)
    if (this.#calls.size >= this.#limits.maxInFlight) return this.#refuse(request, 'too-busy', `${this.#calls.size} calls are under way (limit ${this.#limits.maxInFlight})`)
    const abort = new AbortController()
    const { envelope, id, method, args, timeoutMs = Infinity } = request
    const call: OpenCall = {
      envelope, id, client, abort, isAnswered: false,
      deadlineMs: Math.min(this.#limits.deadlineMs, timeoutMs),
      run: () => listed.target.call(method, args, { signal: abort.signal }),
    }
    this.#calls.add(call)
    this.#callsByClient.set(client, ofClient + 1)
    this.#unanswered += 1
    return call
  }

  /** A call has given a value. Returns its reply, unless it was answered before. */
  finish(call: AdmittedCall, value: unknown): readonly Frame[] | undefined {
    const open = call as OpenCall
    if (open.isAnswered) return undefined
    const text = toJson(call.id, value ?? null)
    if (text === undefined) return this.fail(call, 'bad-result', 'the result is not JSON')
    const sizeBytes = Buffer.byteLength(text)
    if (sizeBytes > this.#limits.maxReplyBytes) return this.fail(call, 'bad-result', `the result has ${sizeBytes} bytes (limit ${this.#limits.maxReplyBytes})`)
    this.#answer(open)
    this.#counts.values += 1
    return [...call.envelope, '', text]
  }

  /** A call is over without a value. Returns its reply, unless it was answered before. */
  fail(call: AdmittedCall, fault: GatewayFault, problem: string): readonly Frame[] | undefined {
    const open = call as OpenCall
    if (open.isAnswered) return undefined
    this.#answer(open)
    if (fault === 'deadline' || fault === 'stopping') open.abort.abort(new DOMException(`Cannot finish the call: ${problem}`, 'AbortError'))
    return this.#refuse(call, fault, problem).frames
  }

  /** A call has settled, answered or not: only now it makes room for another. */
  settled(call: AdmittedCall): void {
    const open = call as OpenCall
    if (open.abort.signal.aborted) this.#counts.late += 1
    this.#calls.delete(open)
    const left = (this.#callsByClient.get(open.client) ?? 1) - 1
    if (left === 0) this.#callsByClient.delete(open.client)
    else this.#callsByClient.set(open.client, left)
  }

  /** ZeroMQ could not deliver a reply. */
  undelivered(): void {
    this.#counts.undeliverable += 1
  }

  #answer(call: OpenCall): void {
    call.isAnswered = true
    this.#unanswered -= 1
  }

  #refuse({ envelope, id }: Pick<AdmittedCall, 'envelope' | 'id'>, code: GatewayFault, problem: string, retryMs?: number): { readonly frames: readonly Frame[] } {
    this.#counts.errors += 1
    this.#counts.errorsByFault[code] += 1
    const error: GatewayErrorReply = { code, message: `Cannot answer the request: ${problem}`, ...(retryMs !== undefined && { retryMs }) }
    return { frames: [...envelope, '', JSON.stringify({ id, error })] }
  }
}

function toJson(id: RequestId, value: unknown): string | undefined {
  try {
    const text = JSON.stringify(value) as string | undefined
    return text === undefined ? undefined : `{"id":${JSON.stringify(id)},"value":${text}}`
  } catch {
    return undefined
  }
}

function clientOf({ envelope }: GatewayRequest): string {
  return (envelope[0] as Buffer).toString('latin1')
}
