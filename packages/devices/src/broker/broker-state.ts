import { MESSAGE_LIMITS, type Frame } from '@zera/core'
import type { BrokerFault } from '../base/errors.js'
import { Absence } from './absence.js'
import { BrokerService, type BrokerPeer, type BrokerRequest } from './broker-service.js'
import { newBrokerCounts, type BrokerStateStatistics, type WorkerLoss } from './broker-statistics.js'
import { FairShares } from './fair-shares.js'
import { writeErrorReply } from './protocol/error-reply.js'
import { heldBytesOf, keepFrames } from './protocol/held-frames.js'
import { requestToWorker, toClient, toWorker } from './protocol/mdp-messages.js'
import { readBrokerMessage, readServiceName, type BrokerMessage } from './protocol/mdp.js'

/** The limits of a broker. */
export interface BrokerLimits {
  /** Milliseconds after which the broker sends a heartbeat to a worker that it has sent nothing. */
  readonly heartbeatMs: number
  /** Milliseconds of silence after which the broker gives up an idle worker. */
  readonly silenceMs: number
  /** The same for a worker that has a request. */
  readonly busySilenceMs: number
  /** Milliseconds in which a request gets its reply or an error. */
  readonly requestTimeoutMs: number
  /** How many workers get a request, one after the other, when each is lost. */
  readonly maxAttempts: number
  /** Requests that wait for one service. A client gets no more of them than it leaves to others. */
  readonly maxQueued: number
  /** Bytes of all requests that are not answered, shared in the same way. */
  readonly maxHeldBytes: number
  /** Names of services that workers offer, and as many again that only requests name, shared in the same way. */
  readonly maxServices: number
  readonly maxWorkers: number
  /** Bytes of all frames of a request's or a reply's body. */
  readonly maxMessageBytes: number
}

/** Which peers may send on the endpoint that a message came from. */
export type BrokerSide = 'clients' | 'workers' | 'both'

/** Something that the broker has decided to send. */
export interface BrokerSend {
  readonly frames: readonly Frame[]
  /** Whether it answers a client. */
  readonly isReply: boolean
  /** The request of which it is a part of the reply. */
  readonly partOf?: BrokerRequest
  /** The worker that it is for; undefined for clients, and for peers that are no longer workers. */
  readonly worker?: BrokerPeer
}

type Told<Kind extends BrokerMessage['kind']> = Extract<BrokerMessage, { kind: Kind }>

/** Frames that the protocol adds to a body, at most. */
const ENVELOPE_FRAMES = 24
/** Bytes of an address by which a peer is named. */
const NAMED_BYTES = 16
const SHARED = ', of which no client may hold more than it leaves free'

/**
 * The decisions of a Majordomo broker, without IO and without a clock. The caller reports what happened and when, and
 * gets what to send.
 *
 * Each request is answered once: with a worker's reply, or with an error. A worker has one request at a time, and gets
 * nothing more once the broker has given it up.
 */
export class BrokerState {
  /** How often its caller must call `tick`. */
  readonly tickMs: number
  readonly #limits: BrokerLimits
  readonly #absence: Absence
  readonly #services = new Map<string, BrokerService>()
  readonly #workers = new Map<string, BrokerPeer>()
  readonly #counts = newBrokerCounts()
  /** Bytes of the requests that are not answered, by client. */
  readonly #held: FairShares
  /** Names that only requests use, by the client that asked first. */
  readonly #unserved: FairShares
  #tickets = 0
  #oddities: string[] = []
  #sends: BrokerSend[] = []
  #isPaused = false
  #isDraining = false

  constructor(limits: BrokerLimits, nowMs: number) {
    this.#limits = limits
    this.tickMs = Math.min(limits.heartbeatMs, limits.requestTimeoutMs) / 4
    this.#absence = new Absence(this.tickMs, nowMs)
    this.#held = new FairShares(limits.maxHeldBytes)
    this.#unserved = new FairShares(limits.maxServices)
  }

  /** Requests that are not answered yet. */
  get pendingRequests(): number {
    const { requests, replies, errors } = this.#counts
    return requests - replies - errors
  }

  get statistics(): BrokerStateStatistics {
    return {
      ...structuredClone(this.#counts),
      waiting: Array.from(this.#services.values(), ({ waiting }) => waiting).reduce((sum, waiting) => sum + waiting, 0),
      inFlight: Array.from(this.#workers.values()).filter(({ request }) => request?.isSettled === false).length,
      workers: this.#workers.size,
      services: Array.from(this.#services.values(), ({ name, waiting, workers, idle }) => ({
        name,
        waiting,
        workers,
        idleWorkers: idle,
      })),
    }
  }

  /**
   * A message has arrived where these may speak. What is none of the protocol, or of the other side, is counted and
   * gets no answer; a worker that sends it is one no more.
   */
  receive(frames: readonly Buffer[], nowMs: number, from: BrokerSide = 'both'): BrokerSend[] {
    const message = readBrokerMessage(frames)
    const isMisplaced = message.kind !== 'malformed' && from === (message.kind === 'request' ? 'workers' : 'clients')
    if (isMisplaced || message.kind === 'malformed') {
      if (message.kind === 'malformed') this.#counts.malformed[message.problem] += 1
      else this.#counts.misplaced += 1
      this.#note(
        frames[0] as Buffer,
        message.kind === 'malformed'
          ? `sent a message that is not of the protocol (${message.problem})`
          : `sent a message that only the other side may send (${message.kind})`,
      )
      // Addresses of the two sides have nothing to do with each other.
      if (from !== 'clients') this.#lose(this.#workers.get(keyOf(frames[0] as Buffer)), 'misbehaved', nowMs)
    } else if (message.kind === 'request') this.#request(message, nowMs)
    else this.#hear(message, nowMs)
    return this.#takeSends()
  }

  /** What it has seen since the last call of peers that do not keep to the protocol, in words. */
  takeOddities(): string[] {
    return this.#oddities.length === 0 ? this.#oddities : this.#oddities.splice(0)
  }

  /** ZeroMQ could not deliver what was sent: its peer has gone, or does not read. */
  undelivered({ isReply, partOf, worker }: BrokerSend, nowMs: number): BrokerSend[] {
    if (isReply) {
      this.#counts.undeliverable += 1
      // What is left of a reply is not that reply.
      if (partOf?.isSettled === false)
        this.#fail(partOf, 'queue-full', 'its client does not read, and a part of the reply is lost')
    } else if (worker !== undefined && this.#workers.get(keyOf(worker.address)) === worker)
      this.#lose(worker, 'unreachable', nowMs)
    return this.#takeSends()
  }

  /**
   * Time has passed. The broker gives up workers that were silent for too long, sends heartbeats to those that it has
   * sent nothing, and answers requests whose time is over with an error.
   */
  tick(nowMs: number): BrokerSend[] {
    const absentMs = this.#absence.look(nowMs)
    for (const worker of this.#workers.values()) {
      worker.heardMs += absentMs
      const silenceMs = worker.request === undefined ? this.#limits.silenceMs : this.#limits.busySilenceMs
      if (nowMs - worker.heardMs >= silenceMs) this.#lose(worker, 'silent', nowMs)
      else if (nowMs - worker.toldMs >= this.#limits.heartbeatMs)
        this.#tell(worker, toWorker(worker.address, worker.version, 'heartbeat'), nowMs)
    }
    for (const { request } of this.#workers.values()) {
      if (request?.isSettled === false && request.dueMs <= nowMs)
        this.#fail(request, 'expired', 'its worker took too long')
    }
    for (const service of this.#services.values()) {
      for (const request of service.takeDue(nowMs)) {
        if (service.workers === 0) this.#fail(request, 'no-worker', 'no worker is there')
        else this.#fail(request, 'expired', 'all workers were busy')
      }
      this.#forgetIfIdle(service)
    }
    return this.#takeSends()
  }

  /** From now on requests wait. Replies and heartbeats go on, so the pause costs no worker its registration. */
  pause(): void {
    this.#isPaused = true
  }

  /** From now on requests are taken and given to workers, as at the start. */
  resume(nowMs: number): BrokerSend[] {
    this.#isDraining = false
    return this.#goOn(nowMs)
  }

  /** From now on new requests get an error; those that are there go on, also after a pause. */
  drain(nowMs: number): BrokerSend[] {
    this.#isDraining = true
    return this.#goOn(nowMs)
  }

  /** Ends: each pending request gets an error, and each worker a disconnect. */
  close(): BrokerSend[] {
    this.#isDraining = true
    for (const worker of this.#workers.values()) {
      if (worker.request?.isSettled === false) this.#fail(worker.request, 'stopping', 'the broker stops')
      this.#forget(worker, 'stopped')
      this.#sendToPeer(toWorker(worker.address, worker.version, 'disconnect'))
    }
    for (const service of this.#services.values()) {
      for (const request of service.takeDue(Infinity)) this.#fail(request, 'stopping', 'the broker stops')
    }
    this.#services.clear()
    return this.#takeSends()
  }

  #goOn(nowMs: number): BrokerSend[] {
    this.#isPaused = false
    for (const service of this.#services.values()) this.#dispatch(service, nowMs)
    return this.#takeSends()
  }

  #request({ envelope, version, service: name, body }: Told<'request'>, nowMs: number): void {
    this.#counts.requests += 1
    const { maxQueued, maxServices, maxMessageBytes, requestTimeoutMs } = this.#limits
    const answer = { envelope, version, service: { name } }
    if (name.startsWith('mmi.')) return this.#answerManagement(answer, body)
    if (this.#isDraining) return this.#fail(answer, 'stopping', 'the broker takes no more requests')
    if (!fits(body, maxMessageBytes))
      return this.#fail(
        answer,
        'too-large',
        `the request has ${sizeOf(body)} bytes in ${body.length} frames (limit ${maxMessageBytes} bytes)`,
      )
    const client = keyOf(envelope[0] as Buffer)
    const heldBytes = heldBytesOf(envelope, body)
    if (!this.#held.take(client, heldBytes)) return this.#fail(answer, 'queue-full', this.#heldText())
    const service = this.#services.get(name) ?? this.#found(name, client)
    const request = service && {
      client,
      envelope: keepFrames(envelope),
      version,
      service,
      body: keepFrames(body),
      heldBytes,
      ticket: '',
      dueMs: nowMs + requestTimeoutMs,
      attempts: 0,
      gathered: [],
      gatheredBytes: 0,
      hasStreamed: false,
      isSettled: false,
    }
    if (request?.service.addRequest(request) === true) return this.#dispatch(request.service, nowMs)
    this.#held.give(client, heldBytes)
    if (service === undefined)
      this.#fail(
        answer,
        'queue-full',
        `requests wait for ${this.#unserved.used} services without workers already (limit ${maxServices}${SHARED})`,
      )
    else this.#fail(answer, 'queue-full', `${service.waiting} requests wait already (limit ${maxQueued}${SHARED})`)
  }

  #heldText(): string {
    return `${this.#held.used} bytes are held for requests that are not answered yet (limit ${this.#limits.maxHeldBytes}${SHARED})`
  }

  /** RFC 8/MMI: services that the broker itself provides. */
  #answerManagement(request: Answerable, body: readonly Buffer[]): void {
    this.#counts.replies += 1
    const isKnown = (this.#services.get(readServiceName(body[0]) ?? '')?.workers ?? 0) > 0
    const code = request.service.name !== 'mmi.service' ? '501' : isKnown ? '200' : '404'
    this.#reply(request, [code], true)
  }

  #hear(message: Told<'ready' | 'reply' | 'heartbeat' | 'disconnect'>, nowMs: number): void {
    const worker = this.#workers.get(keyOf(message.sender))
    if (message.kind === 'disconnect') {
      if (worker !== undefined) this.#forget(worker, 'disconnected', nowMs)
    } else if (message.kind === 'ready') {
      if (worker === undefined) this.#register(message, nowMs)
      else this.#lose(worker, 'misbehaved', nowMs)
    } else if (worker === undefined) {
      // It was given up, or knows a broker that was here before: it has to register anew.
      if (message.kind === 'reply' && message.isFinal) this.#counts.late += 1
      this.#sendToPeer(toWorker(message.sender, message.version, 'disconnect'))
    } else if (worker.version !== message.version) this.#lose(worker, 'misbehaved', nowMs)
    else {
      worker.heardMs = nowMs
      if (message.kind === 'reply') this.#workerReply(worker, message, nowMs)
    }
  }

  #register({ sender, version, service: name }: Told<'ready'>, nowMs: number): void {
    const { maxServices, maxWorkers } = this.#limits
    const isServed = (this.#services.get(name)?.workers ?? 0) > 0
    const hasRoom =
      this.#workers.size < maxWorkers && (isServed || this.#services.size - this.#unserved.used < maxServices)
    if (name.startsWith('mmi.') || !hasRoom || this.#isDraining) {
      this.#counts.workersRefused += 1
      this.#sendToPeer(toWorker(sender, version, 'disconnect'))
      return
    }
    this.#counts.workersRegistered += 1
    const service = this.#services.get(name) ?? this.#add(name)
    this.#noteServed(service)
    const worker: BrokerPeer = { address: sender, version, service, heardMs: nowMs, toldMs: nowMs, request: undefined }
    this.#workers.set(keyOf(sender), worker)
    service.workers += 1
    service.addIdle(worker)
    this.#dispatch(service, nowMs)
  }

  #workerReply(worker: BrokerPeer, { client, body, isFinal }: Told<'reply'>, nowMs: number): void {
    const { request } = worker
    // It may answer what it has, and nothing else.
    if (request === undefined || client.toString('latin1') !== request.ticket)
      return this.#lose(worker, 'misbehaved', nowMs)
    if (request.isSettled) {
      if (isFinal) this.#counts.late += 1
    } else this.#passOn(request, body, isFinal)
    if (!isFinal) return
    worker.request = undefined
    worker.service.addIdle(worker)
    this.#dispatch(worker.service, nowMs)
  }

  #passOn(request: BrokerRequest, body: readonly Buffer[], isFinal: boolean): void {
    const whole = request.gathered.length === 0 ? body : [...request.gathered, ...body]
    if (!fits(whole, this.#limits.maxMessageBytes)) {
      this.#fail(
        request,
        'too-large',
        `the reply has ${sizeOf(whole)} bytes in ${whole.length} frames (limit ${this.#limits.maxMessageBytes} bytes)`,
      )
    } else if (isFinal) {
      this.#counts.replies += 1
      this.#settle(request)
      this.#reply(request, whole, true)
    } else if (request.version === '0.1') this.#gather(request, body)
    else {
      this.#counts.partials += 1
      request.hasStreamed = true
      this.#reply(request, body, false, request)
    }
  }

  /** Keeps a partial reply for a client that gets them as one. */
  #gather(request: BrokerRequest, body: readonly Buffer[]): void {
    const bytes = heldBytesOf(body)
    if (!this.#held.take(request.client, bytes)) return this.#fail(request, 'queue-full', this.#heldText())
    request.gatheredBytes += bytes
    request.gathered.push(...keepFrames(body))
  }

  #dispatch(service: BrokerService, nowMs: number): void {
    while (!this.#isPaused) {
      const match = service.match()
      if (match === undefined) return
      const { request, worker } = match
      request.attempts += 1
      worker.request = request
      this.#tickets += 1
      request.ticket = this.#tickets.toString(36)
      this.#tell(worker, requestToWorker(worker.address, worker.version, request.ticket, request.body), nowMs)
    }
  }

  /** Gives a worker up, and tells it so, in case it is there. */
  #lose(worker: BrokerPeer | undefined, why: WorkerLoss, nowMs: number): void {
    if (worker === undefined) return
    this.#forget(worker, why, nowMs)
    if (why === 'misbehaved')
      this.#note(worker.address, `is no longer a worker of ${worker.service.name}, because of what it sent`)
    if (why !== 'unreachable') this.#sendToPeer(toWorker(worker.address, worker.version, 'disconnect'))
  }

  #forget(worker: BrokerPeer, why: WorkerLoss, nowMs = 0): void {
    const { service, request } = worker
    this.#counts.workersLost[why] += 1
    this.#workers.delete(keyOf(worker.address))
    service.removeIdle(worker)
    service.workers -= 1
    worker.request = undefined
    if (request?.isSettled === false) this.#tryAgain(request, nowMs)
    this.#forgetIfIdle(service)
  }

  #tryAgain(request: BrokerRequest, nowMs: number): void {
    if (request.hasStreamed) return this.#fail(request, 'worker-lost', 'its worker was lost after a part of the reply')
    if (request.attempts >= this.#limits.maxAttempts)
      return this.#fail(request, 'worker-lost', `${request.attempts} workers were lost while they had it`)
    this.#counts.retries += 1
    this.#forgetGathered(request)
    request.service.addAgain(request)
    this.#dispatch(request.service, nowMs)
  }

  #fail(request: Answerable, fault: Exclude<BrokerFault, 'failed'>, text: string): void {
    this.#counts.errors += 1
    this.#counts.errorsByFault[fault] += 1
    if (request.isSettled === false) this.#settle(request as BrokerRequest)
    this.#reply(request, writeErrorReply(fault, `Cannot answer the request to ${request.service.name}: ${text}`), true)
  }

  #settle(request: BrokerRequest): void {
    request.isSettled = true
    this.#forgetGathered(request)
    this.#held.give(request.client, request.heldBytes)
  }

  #forgetGathered(request: BrokerRequest): void {
    this.#held.give(request.client, request.gatheredBytes)
    request.gathered = []
    request.gatheredBytes = 0
  }

  #reply(
    { envelope, version, service }: Answerable,
    body: readonly Frame[],
    isFinal: boolean,
    partOf?: BrokerRequest,
  ): void {
    this.#sends.push({
      frames: toClient(envelope, version, service.name, body, isFinal),
      isReply: true,
      ...(partOf && { partOf }),
    })
  }

  #tell(worker: BrokerPeer, frames: readonly Frame[], nowMs: number): void {
    worker.toldMs = nowMs
    this.#sendToPeer(frames, worker)
  }

  #add(name: string): BrokerService {
    const service = new BrokerService(name, this.#limits.maxQueued)
    this.#services.set(name, service)
    return service
  }

  /** Registers a service that a client asks for; undefined when there are too many without a worker. */
  #found(name: string, client: string): BrokerService | undefined {
    if (!this.#unserved.take(client, 1)) return undefined
    const service = this.#add(name)
    service.founder = client
    return service
  }

  #noteServed(service: BrokerService): void {
    if (service.founder !== undefined) this.#unserved.give(service.founder, 1)
    service.founder = undefined
  }

  #forgetIfIdle(service: BrokerService): void {
    if (!service.isForgettable || this.#services.get(service.name) !== service) return
    this.#services.delete(service.name)
    this.#noteServed(service)
  }

  #note(peer: Buffer, what: string): void {
    this.#oddities.push(`the peer ${peer.toString('hex', 0, NAMED_BYTES)} ${what}`)
  }

  #sendToPeer(frames: readonly Frame[], worker?: BrokerPeer): void {
    this.#sends.push({ frames, isReply: false, ...(worker && { worker }) })
  }

  #takeSends(): BrokerSend[] {
    const sends = this.#sends
    if (sends.length > 0) this.#sends = []
    return sends
  }
}

/** What an answer needs to find its client. */
interface Answerable {
  readonly envelope: readonly Buffer[]
  readonly version: BrokerRequest['version']
  readonly service: { readonly name: string }
  /** Undefined when it was never taken. */
  readonly isSettled?: boolean
}

function keyOf(address: Buffer): string {
  return address.toString('latin1')
}

function sizeOf(frames: readonly Buffer[]): number {
  let bytes = 0
  for (const frame of frames) bytes += frame.byteLength
  return bytes
}

function fits(body: readonly Buffer[], maxBytes: number): boolean {
  return body.length <= MESSAGE_LIMITS.maxFrames - ENVELOPE_FRAMES && sizeOf(body) <= maxBytes
}
