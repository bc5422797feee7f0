import { MESSAGE_LIMITS, type Frame } from '@zera/core'
import { Absence } from '../absence.js'
import { BrokerService, type BrokerPeer, type BrokerRequest } from './broker-service.js'
import { newBrokerCounts, type BrokerStatistics, type WorkerLoss } from './broker-statistics.js'
import { writeErrorReply, type BrokerFault } from './error-reply.js'
import { readBrokerMessage, type BrokerMessage } from './mdp.js'
import { requestToWorker, toClient, toWorker } from './mdp-messages.js'

/** The numbers that a broker decides by. */
export interface BrokerLimits {
  /** Milliseconds after which a worker that was told nothing is told that the broker is there. */
  readonly heartbeatMs: number
  /** Milliseconds without a word after which an idle worker is given up. */
  readonly silenceMs: number
  /** The same for a worker that has a request. */
  readonly busySilenceMs: number
  /** Milliseconds in which a request gets its reply or an error. */
  readonly requestMs: number
  /** Workers that get a request, one after the other, when they are lost. */
  readonly maxAttempts: number
  /** Requests that wait for one service. */
  readonly maxQueued: number
  /** Bytes of all requests that are not answered. */
  readonly maxHeldBytes: number
  readonly maxServices: number
  readonly maxWorkers: number
  /** Bytes of all frames of a request's or a reply's body. */
  readonly maxMessageBytes: number
}

/** Something that the broker has decided to send. */
export interface BrokerSend {
  readonly frames: readonly Frame[]
  /** Whether it answers a client. */
  readonly isReply: boolean
  /** The worker that it is for; undefined for clients, and for those who are no workers any more. */
  readonly worker?: BrokerPeer
}

type Told<Kind extends BrokerMessage['kind']> = Extract<BrokerMessage, { kind: Kind }>

/** Frames that the protocol adds to a body, at most. */
const ENVELOPE_FRAMES = 24

/**
 * What a Majordomo broker decides, without IO and without a clock: it is told what happened and when, and says what is to be sent.
 *
 * Each request is answered once: with a worker's reply, or with an error. A worker has one request at a time, and gets nothing any more once it was given up.
 */
export class BrokerState {
  /** How often it wants to be told that time has passed. */
  readonly tickMs: number
  readonly #limits: BrokerLimits
  readonly #absence: Absence
  readonly #services = new Map<string, BrokerService>()
  readonly #workers = new Map<string, BrokerPeer>()
  readonly #counts = newBrokerCounts()
  /** Bytes of the requests that are not answered. */
  #heldBytes = 0
  #sends: BrokerSend[] = []
  #isPaused = false
  #isDraining = false

  constructor(limits: BrokerLimits, nowMs: number) {
    this.#limits = limits
    this.tickMs = Math.min(limits.heartbeatMs, limits.requestMs) / 4
    this.#absence = new Absence(this.tickMs, nowMs)
  }

  /** Requests that are not answered yet. */
  get pendingRequests(): number {
    const { requests, replies, errors } = this.#counts
    return requests - replies - errors
  }

  get statistics(): BrokerStatistics {
    return {
      ...structuredClone(this.#counts),
      waiting: Array.from(this.#services.values(), ({ waiting }) => waiting).reduce((sum, waiting) => sum + waiting, 0),
      inFlight: Array.from(this.#workers.values()).filter(({ request }) => request?.isSettled === false).length,
      workers: this.#workers.size,
      services: Array.from(this.#services.values(), ({ name, waiting, workers, idle }) => ({ name, waiting, workers, idleWorkers: idle })),
    }
  }

  /** A message has arrived. */
  receive(frames: readonly Buffer[], nowMs: number): BrokerSend[] {
    const message = readBrokerMessage(frames)
    switch (message.kind) {
      case 'request':
        this.#request(message, nowMs)
        break
      case 'malformed':
        this.#counts.malformed[message.problem] += 1
        this.#lose(this.#workers.get(keyOf(message.sender)), 'misbehaved', nowMs)
        break
      default:
        this.#hear(message, nowMs)
    }
    return this.#takeSends()
  }

  /** ZeroMQ could not deliver what was sent: its peer has gone, or does not read. */
  undelivered({ isReply, worker }: BrokerSend, nowMs: number): BrokerSend[] {
    if (isReply) this.#counts.undeliverable += 1
    else if (worker !== undefined && this.#workers.get(keyOf(worker.address)) === worker) this.#lose(worker, 'unreachable', nowMs)
    return this.#takeSends()
  }

  /** Time has passed: whoever was silent for too long is given up, whoever was told nothing hears that the broker is there, and requests whose time is over get an error. */
  tick(nowMs: number): BrokerSend[] {
    const absentMs = this.#absence.look(nowMs)
    for (const worker of this.#workers.values()) {
      worker.heardMs += absentMs
      const silenceMs = worker.request === undefined ? this.#limits.silenceMs : this.#limits.busySilenceMs
      if (nowMs - worker.heardMs >= silenceMs) this.#lose(worker, 'silent', nowMs)
      else if (nowMs - worker.toldMs >= this.#limits.heartbeatMs) this.#tell(worker, toWorker(worker.address, worker.version, 'heartbeat'), nowMs)
    }
    for (const { request } of this.#workers.values()) {
      if (request?.isSettled === false && request.dueMs <= nowMs) this.#fail(request, 'expired', 'its worker took too long')
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

  /** From now on requests wait. Replies and heartbeats go on, so nobody is given up for it. */
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

  /** Ends: each request that is there gets an error, each worker is told. */
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
    const { maxHeldBytes, maxQueued, maxServices, maxMessageBytes, requestMs } = this.#limits
    const answer = { envelope, version, service: { name } }
    const sizeBytes = sizeOf(body)
    if (name.startsWith('mmi.')) this.#answerManagement(answer, body)
    else if (this.#isDraining) this.#fail(answer, 'stopping', 'the broker takes no more requests')
    else if (!fits(body, maxMessageBytes)) this.#fail(answer, 'too-large', `the request has ${sizeBytes} bytes in ${body.length} frames (limit ${maxMessageBytes} bytes)`)
    else if (this.#heldBytes + sizeBytes > maxHeldBytes) this.#fail(answer, 'queue-full', `requests of ${this.#heldBytes} bytes are not answered yet (limit ${maxHeldBytes})`)
    else if (!this.#services.has(name) && this.#services.size >= maxServices) this.#fail(answer, 'queue-full', `${maxServices} services are known already`)
    else {
      const service = this.#service(name)
      if (service.waiting >= maxQueued) return this.#fail(answer, 'queue-full', `${service.waiting} requests wait already (limit ${maxQueued})`)
      this.#heldBytes += sizeBytes
      service.addRequest({ envelope, version, service, body, sizeBytes, dueMs: nowMs + requestMs, attempts: 0, gathered: [], hasStreamed: false, isSettled: false })
      this.#dispatch(service, nowMs)
    }
  }

  /** RFC 8/MMI: services that the broker does itself. */
  #answerManagement(request: Answerable, body: readonly Buffer[]): void {
    this.#counts.replies += 1
    const isKnown = (this.#services.get(body[0]?.toString() ?? '')?.workers ?? 0) > 0
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
    const hasRoom = this.#workers.size < maxWorkers && (this.#services.has(name) || this.#services.size < maxServices)
    if (name.startsWith('mmi.') || !hasRoom || this.#isDraining) {
      this.#counts.workersRefused += 1
      this.#sendToPeer(toWorker(sender, version, 'disconnect'))
      return
    }
    this.#counts.workersRegistered += 1
    const service = this.#service(name)
    const worker: BrokerPeer = { address: sender, version, service, heardMs: nowMs, toldMs: nowMs, request: undefined }
    this.#workers.set(keyOf(sender), worker)
    service.workers += 1
    service.addIdle(worker)
    this.#dispatch(service, nowMs)
  }

  #workerReply(worker: BrokerPeer, { client, body, isFinal }: Told<'reply'>, nowMs: number): void {
    const { request } = worker
    if (request?.envelope[0]?.equals(client) !== true) return this.#lose(worker, 'misbehaved', nowMs)
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
      this.#fail(request, 'too-large', `the reply has ${sizeOf(whole)} bytes in ${whole.length} frames (limit ${this.#limits.maxMessageBytes} bytes)`)
    } else if (isFinal) {
      this.#counts.replies += 1
      this.#settle(request)
      this.#reply(request, whole, true)
    } else if (request.version === '0.1') request.gathered = whole as Buffer[]
    else {
      this.#counts.partials += 1
      request.hasStreamed = true
      this.#reply(request, body, false)
    }
  }

  #dispatch(service: BrokerService, nowMs: number): void {
    while (!this.#isPaused) {
      const match = service.match()
      if (match === undefined) return
      const { request, worker } = match
      request.attempts += 1
      worker.request = request
      this.#tell(worker, requestToWorker(worker.address, worker.version, request.envelope[0] as Buffer, request.body), nowMs)
    }
  }

  /** Gives a worker up, and tells it so, in case it is there. */
  #lose(worker: BrokerPeer | undefined, why: WorkerLoss, nowMs: number): void {
    if (worker === undefined) return
    this.#forget(worker, why, nowMs)
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
    if (request.attempts >= this.#limits.maxAttempts) return this.#fail(request, 'worker-lost', `${request.attempts} workers were lost while they had it`)
    this.#counts.retries += 1
    request.gathered = []
    request.service.addRequest(request)
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
    request.gathered = []
    this.#heldBytes -= request.sizeBytes
  }

  #reply({ envelope, version, service }: Answerable, body: readonly Frame[], isFinal: boolean): void {
    this.#sends.push({ frames: toClient(envelope, version, service.name, body, isFinal), isReply: true })
  }

  #tell(worker: BrokerPeer, frames: readonly Frame[], nowMs: number): void {
    worker.toldMs = nowMs
    this.#sendToPeer(frames, worker)
  }

  #service(name: string): BrokerService {
    let service = this.#services.get(name)
    if (service === undefined) this.#services.set(name, (service = new BrokerService(name)))
    return service
  }

  #forgetIfIdle(service: BrokerService): void {
    if (service.isForgettable && this.#services.get(service.name) === service) this.#services.delete(service.name)
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
