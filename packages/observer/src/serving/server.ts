import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { isLoopback } from '@zera/actors/internal'
import { decide, type AccessRules } from './access.js'

/** What is answered at one path. */
export type Route = (answer: Answer, query: URLSearchParams) => void | Promise<void>

/** What is done at one path, for whom, with what the request has brought. */
export type Action = (answer: Answer, body: unknown, by: string) => void | Promise<void>

/** Where the answer to one request goes. */
export interface Answer {
  send(status: number, type: string, body: string | Buffer): void
  json(status: number, value: unknown): void
  /** Events for the browser, until one side closes. Returns undefined when there are too many open already. */
  stream(closed: () => void): EventSink | undefined
}

/** Server-sent events. */
export interface EventSink {
  /** Whether what was sent before has not left: the reader is slow, and what is shown would be old. */
  readonly isBehind: boolean
  send(event: string, data: unknown): void
}

/** Where and for whom it is served. */
export interface ServerOptions {
  readonly port: number
  readonly host: string
  readonly token: string
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly routes: ReadonlyMap<string, Route>
  /** What changes something; only with `hasControl`. */
  readonly actions: ReadonlyMap<string, Action>
  readonly hasControl: boolean
  /** What went wrong in a route. */
  readonly failed: (error: unknown) => void
}

/** Pages that are open at once. */
const MOST_STREAMS = 32
const MOST_CONNECTIONS = 128
/** Bytes that an act may take. */
const MOST_BODY_BYTES = 4096
/** Bytes on their way to one reader above which it gets nothing new. */
const BEHIND_BYTES = 64 * 1024

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** Serves the page. Every request shows that it may see it, see `decide`. */
export class PageServer {
  readonly #server: Server
  readonly #options: ServerOptions
  readonly #streams = new Set<ServerResponse>()
  #rules: AccessRules

  private constructor(options: ServerOptions) {
    this.#options = options
    const { token, tls, hasControl } = options
    this.#rules = { token, hosts: [], isSecure: tls !== undefined, hasControl }
    const handle = (request: IncomingMessage, response: ServerResponse): void => void this.#handle(request, response)
    const limits = { maxHeaderSize: 16_384, requestTimeout: 10_000, headersTimeout: 10_000, keepAliveTimeout: 5000 }
    this.#server =
      options.tls === undefined
        ? createServer(limits, handle)
        : createSecureServer({ ...limits, ...options.tls }, handle)
    this.#server.maxConnections = MOST_CONNECTIONS
    this.#server.maxRequestsPerSocket = 1000
  }

  /**
   * Listens.
   *
   * @throws {Error} When that is not possible, as Node says it.
   */
  static async listen(options: ServerOptions): Promise<PageServer> {
    const server = new PageServer(options)
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject)
      server.#server.listen(options.port, options.host, resolve)
    })
    server.#rules = { ...server.#rules, hosts: namesOf(options.host, server.port) }
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** How many pages listen. */
  get readers(): number {
    return this.#streams.size
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = this.#answerOf(response)
    const decision = decide(request, this.#rules)
    const isAct = request.method === 'POST' && decision.kind === 'admitted'
    // Only an act has a body that is read.
    if (!isAct) request.resume()
    if (decision.kind === 'refused') {
      answer.send(decision.status, 'text/plain; charset=utf-8', `${decision.why}\n`)
      return
    }
    if (decision.kind === 'opened') {
      response.writeHead(303, { ...HEADERS, 'set-cookie': decision.cookie, location: decision.path }).end()
      return
    }
    const { path, query, by } = decision
    const { actions, routes } = this.#options
    const work = isAct ? actions.get(path) : routes.get(path)
    if (work === undefined) {
      request.resume()
      answer.send(404, 'text/plain; charset=utf-8', 'There is nothing here\n')
      return
    }
    try {
      if (isAct) await (work as Action)(answer, await bodyOf(request), `${request.socket.remoteAddress} (${by})`)
      else await (work as Route)(answer, query)
    } catch (error) {
      if (error instanceof RequestError) {
        answer.json(error.status, { error: error.message })
        return
      }
      this.#options.failed(error)
      if (!response.headersSent) answer.json(500, { error: (error as Error).message })
      else response.destroy()
    }
  }

  #answerOf(response: ServerResponse): Answer {
    const send = (status: number, type: string, body: string | Buffer): void => {
      if (response.destroyed || response.headersSent) return
      response
        .writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': Buffer.byteLength(body) })
        .end(body)
    }
    return {
      send,
      json: (status, value) => send(status, 'application/json; charset=utf-8', JSON.stringify(value)),
      stream: closed => {
        if (this.#streams.size >= MOST_STREAMS) {
          send(503, 'text/plain; charset=utf-8', 'Too many pages are open\n')
          return undefined
        }
        this.#streams.add(response)
        response.on('close', () => {
          this.#streams.delete(response)
          closed()
        })
        response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' })
        response.flushHeaders()
        return {
          get isBehind() {
            return response.writableLength > BEHIND_BYTES
          },
          send: (event, data) => void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
        }
      },
    }
  }
}

/** A request that cannot be answered, and why. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly status: 400 | 413 | 504

  constructor(problem: string, status: RequestError['status'] = 400) {
    super(problem)
    this.status = status
  }
}

/**
 * Reads what a request has brought.
 *
 * @throws {RequestError} When it is too much, or no JSON.
 */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  request.setEncoding('utf8')
  // What is too much is read to its end all the same: whoever sends it reads the answer only then.
  for await (const chunk of request) if (text.length <= MOST_BODY_BYTES) text += String(chunk)
  if (text.length > MOST_BODY_BYTES) throw new RequestError('an act takes no more than 4 KiB', 413)
  try {
    return JSON.parse(text)
  } catch {
    throw new RequestError('this is no JSON')
  }
}

/** Under which names a page may be asked for. */
function namesOf(host: string, port: number): readonly string[] | undefined {
  if (!isLoopback(host)) return undefined
  return ['127.0.0.1', 'localhost', '[::1]', host].map(name => `${name}:${port}`)
}
