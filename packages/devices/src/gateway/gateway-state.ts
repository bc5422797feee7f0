import { randomUUID } from 'node:crypto'
import { isError, toError } from '@zera/core/internal'
import { shownText } from '../base/shown-text.js'
import type { GatewayFailure } from './calls/gateway-failure.js'
import { newFaultCounts, type GatewayErrorReply, type GatewayFault } from './calls/gateway-fault.js'
import { writeError, writeValue } from './calls/gateway-reply.js'
import { readGatewayRequest, type GatewayRequest, type RequestId } from './calls/gateway-request.js'
import type { CheckedTargets, GatewayLimits } from './gateway-options.js'
import type { GatewayStatistics } from './gateway-statistics.js'
import type { Reply } from './reply-sender.js'
import { TokenBuckets } from './token-buckets.js'
import { UnreadReplies } from './unread-replies.js'

/** A call that may be made. */
export interface AdmittedCall {
  readonly client: string
  readonly envelope: readonly Buffer[]
  readonly id: RequestId
  readonly timeoutMs: number
  /** Makes it. */
  run(): unknown
}

interface OpenCall extends AdmittedCall {
  readonly actor: string
  readonly method: string
  readonly heldBytes: number
  readonly abort: AbortController
  isAnswered: boolean
}

/** What the calls in flight of one client take. */
interface Held {
  calls: number
  bytes: number
}

/** The receiver of an answer. */
type Asker = Pick<AdmittedCall, 'client' | 'envelope' | 'id'>

/** Clients whose rate is remembered. */
const MAX_CLIENTS = 10_000

/**
 * Decides what clients may call, and keeps the gateway's accounts, without IO and without a clock. The caller passes
 * the time of each request, and gets the reply, or the call to make.
 */
export class GatewayState {
  readonly #targets: CheckedTargets
  readonly #limits: GatewayLimits
  readonly #report: (failure: GatewayFailure) => void
  readonly #buckets: TokenBuckets
  /** The account of what clients may not have read. The sender of the replies keeps it. */
  readonly unread: UnreadReplies
  readonly #calls = new Set<OpenCall>()
  readonly #heldByClient = new Map<string, Held>()
  readonly #counts = { requests: 0, values: 0, errors: 0, errorsByFault: newFaultCounts(), ignored: 0, late: 0 }
  #heldBytes = 0
  #unanswered = 0
  #isDraining = false

  /** @param report Called for each failed call whose reason the client does not see. It must not throw. */
  constructor(targets: CheckedTargets, limits: GatewayLimits, report: (failure: GatewayFailure) => void) {
    this.#targets = targets
    this.#limits = limits
    this.#report = report
    this.#buckets = new TokenBuckets(limits.rate, MAX_CLIENTS)
    this.unread = new UnreadReplies(limits.maxUnreadBytes, limits.maxReplyBytes)
  }

  get statistics(): Omit<
    GatewayStatistics,
    'authenticated' | 'denied' | 'connections' | 'undeliverable' | 'undeliverableByReason'
  > {
    return {
      ...structuredClone(this.#counts),
      unanswered: this.#unanswered,
      inFlight: this.#calls.size,
      heldBytes: this.#heldBytes,
      unreadBytes: this.unread.bytes,
    }
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

  /**
   * Decides about a message: the refusal, or the call that is to be made; undefined when its client gets no answer, as
   * one that goes on above its rate.
   *
   * It checks the rate first, by the address that ZeroMQ itself has put in front. So whatever a client sends costs a
   * token, and requests above the rate are not read.
   */
  admit(frames: readonly Buffer[], nowMs: number): AdmittedCall | { readonly reply: Reply } | undefined {
    this.#counts.requests += 1
    const client = (frames[0] as Buffer).toString('latin1')
    const { retryMs, isTold } = this.#buckets.take(client, nowMs)
    if (!isTold) {
      this.#counts.ignored += 1
      return undefined
    }
    const request = readGatewayRequest(frames, this.#limits.maxRequestBytes)
    const asker = { client, envelope: request.envelope, id: request.id }
    if (retryMs > 0)
      return this.#refuse(asker, 'rate-limited', `more than ${this.#limits.rate.perSecond} requests a second`, {
        retryMs: Math.ceil(retryMs),
      })
    if ('fault' in request) return this.#refuse(asker, request.fault, request.problem)
    if (this.#isDraining) return this.#refuse(asker, 'stopping', 'the gateway takes no more requests')
    const listed = this.#targets.get(request.actor)
    if (listed?.methods.has(request.method) !== true)
      return this.#refuse(asker, 'not-allowed', 'there is no such actor and method for you')
    const crowd = this.#crowd(client, request)
    if (crowd !== undefined) return this.#refuse(asker, 'too-busy', crowd)
    const abort = new AbortController()
    const { actor, method, args, timeoutMs = Infinity, heldBytes } = request
    const call: OpenCall = {
      ...asker,
      actor,
      method,
      heldBytes,
      abort,
      isAnswered: false,
      timeoutMs: Math.min(this.#limits.requestTimeoutMs, timeoutMs),
      run: () => listed.target.call(method, args, { signal: abort.signal }),
    }
    this.#calls.add(call)
    const held = this.#heldByClient.get(client) ?? { calls: 0, bytes: 0 }
    this.#heldByClient.set(client, { calls: held.calls + 1, bytes: held.bytes + heldBytes })
    this.#heldBytes += heldBytes
    this.#unanswered += 1
    return call
  }

  /** A message could not be handled, for a fault of the gateway itself. Returns its reply. */
  broken(frames: readonly Buffer[]): Reply {
    return this.#refuse(
      { client: (frames[0] as Buffer).toString('latin1'), envelope: frames.slice(0, 1), id: null },
      'failed',
      'the gateway could not handle it',
    ).reply
  }

  /** A call has given a value. Returns its reply, unless it was answered before. */
  finish(call: AdmittedCall, value: unknown, nowMs: number): Reply | undefined {
    const open = call as OpenCall
    if (open.isAnswered) return undefined
    const written = writeValue(call.id, value, this.#limits.maxReplyBytes)
    if ('problem' in written) {
      const incident = this.#reportFailure(
        open,
        'bad-result',
        toError(new TypeError(`Cannot reply: ${written.problem}`, { cause: written.cause })),
      )
      return this.#answerWith(open, 'bad-result', written.problem, { incident })
    }
    const sizeBytes = Buffer.byteLength(written.text)
    if (!this.unread.hasRoomFor(call.client, sizeBytes, nowMs)) {
      return this.#answerWith(
        open,
        'too-busy',
        `the result has ${sizeBytes} bytes, and your unread replies leave no room for it`,
      )
    }
    this.#answer(open)
    this.#counts.values += 1
    return { client: call.client, frames: [...call.envelope, '', written.text] }
  }

  /** A call has thrown. Returns its reply, unless it was answered before. */
  threw(call: AdmittedCall, thrown: unknown): Reply | undefined {
    const open = call as OpenCall
    const shown = shownText(thrown)
    if (shown !== undefined) return this.#answerWith(open, 'failed', shown)
    if (isGivenUp(open, thrown)) return undefined
    const incident = this.#reportFailure(open, 'failed', toError(thrown))
    return this.#answerWith(
      open,
      'failed',
      `the call has failed; ask the operator of the gateway about incident ${incident}`,
      { incident },
    )
  }

  /** A call is given up. Returns its reply, unless it was answered before. */
  giveUp(call: AdmittedCall, fault: 'deadline' | 'stopping', problem: string): Reply | undefined {
    const open = call as OpenCall
    if (open.isAnswered) return undefined
    const error = new DOMException(`Cannot finish the call: ${problem}`, 'AbortError')
    // It is no failure when the client itself asked for a shorter deadline.
    const isFailure = fault === 'deadline' && call.timeoutMs >= this.#limits.requestTimeoutMs
    const reply = this.#answerWith(
      open,
      fault,
      problem,
      isFailure ? { incident: this.#reportFailure(open, 'deadline', error) } : {},
    )
    open.abort.abort(error)
    return reply
  }

  /** A call has settled, answered or not: only now it makes room for another. */
  settled(call: AdmittedCall): void {
    const open = call as OpenCall
    if (!this.#calls.delete(open)) return
    if (open.abort.signal.aborted) this.#counts.late += 1
    this.#heldBytes -= open.heldBytes
    const held = this.#heldByClient.get(open.client)
    if (held === undefined || held.calls === 1) this.#heldByClient.delete(open.client)
    else this.#heldByClient.set(open.client, { calls: held.calls - 1, bytes: held.bytes - open.heldBytes })
  }

  /** Why a call would exceed a limit; undefined when it would not. */
  #crowd(client: string, { heldBytes }: GatewayRequest): string | undefined {
    const { maxInFlight, maxInFlightPerClient, maxHeldBytes, maxHeldBytesPerClient } = this.#limits
    const ofClient = this.#heldByClient.get(client)
    if (ofClient !== undefined && ofClient.calls >= maxInFlightPerClient)
      return `${ofClient.calls} calls of yours are under way (limit ${maxInFlightPerClient})`
    if (this.#calls.size >= maxInFlight) return 'the gateway has as many calls under way as it allows'
    // The byte limits never refuse a call that finds no other in flight.
    if (ofClient !== undefined && ofClient.bytes + heldBytes > maxHeldBytesPerClient)
      return `calls of yours hold ${ofClient.bytes} bytes, and it would take ${heldBytes} (limit ${maxHeldBytesPerClient})`
    if (this.#calls.size > 0 && this.#heldBytes + heldBytes > maxHeldBytes)
      return 'the calls under way hold as many bytes as the gateway allows'
    return undefined
  }

  #reportFailure(call: OpenCall, fault: GatewayFailure['fault'], error: Error): string {
    const incident = randomUUID()
    const { actor, method, client, id, isAnswered: isLate } = call
    this.#report({
      incident,
      fault,
      actor,
      method,
      client: Buffer.from(client, 'latin1').toString('hex'),
      id,
      isLate,
      error,
    })
    return incident
  }

  #answer(call: OpenCall): void {
    call.isAnswered = true
    this.#unanswered -= 1
  }

  #answerWith(
    call: OpenCall,
    fault: GatewayFault,
    problem: string,
    more: Pick<GatewayErrorReply, 'incident'> = {},
  ): Reply | undefined {
    if (call.isAnswered) return undefined
    this.#answer(call)
    return this.#refuse(call, fault, problem, more).reply
  }

  #refuse(
    { client, envelope, id }: Asker,
    code: GatewayFault,
    problem: string,
    more: Pick<GatewayErrorReply, 'retryMs' | 'incident'> = {},
  ): { readonly reply: Reply } {
    this.#counts.errors += 1
    this.#counts.errorsByFault[code] += 1
    return {
      reply: {
        client,
        frames: [...envelope, '', writeError(id, { code, message: `Cannot answer the request: ${problem}`, ...more })],
      },
    }
  }
}

/** Whether a call throws because it was given up, which need not be reported. */
function isGivenUp({ abort: { signal } }: OpenCall, thrown: unknown): boolean {
  if (!signal.aborted || !isError(thrown)) return false
  const { name, cause } = toError(thrown)
  return thrown === signal.reason || cause === signal.reason || name === 'AbortError'
}
