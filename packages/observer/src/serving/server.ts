import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { isLoopback } from '@zera/actors/internal'
import { decide, type AccessRules } from './access.js'

/** What is answered at one path. */
export type Route = (answer: Answer, query: URLSearchParams) => void | Promise<void>

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
  /** What went wrong in a route. */
  readonly failed: (error: unknown) => void
}

/** Pages that are open at once. */
const MOST_STREAMS = 32
const MOST_CONNECTIONS = 128
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
    this.#rules = { token: options.token, hosts: [], isSecure: options.tls !== undefined }
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
    // No request has a body that is read.
    request.resume()
    const answer = this.#answerOf(response)
    const decision = decide(request, this.#rules)
    if (decision.kind === 'refused') {
      answer.send(decision.status, 'text/plain; charset=utf-8', `${decision.why}\n`)
      return
    }
    if (decision.kind === 'opened') {
      response.writeHead(303, { ...HEADERS, 'set-cookie': decision.cookie, location: decision.path }).end()
      return
    }
    const route = this.#options.routes.get(decision.path)
    if (route === undefined) {
      answer.send(404, 'text/plain; charset=utf-8', 'There is nothing here\n')
      return
    }
    try {
      await route(answer, decision.query)
    } catch (error) {
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

/** Under which names a page may be asked for. */
function namesOf(host: string, port: number): readonly string[] | undefined {
  if (!isLoopback(host)) return undefined
  return ['127.0.0.1', 'localhost', '[::1]', host].map(name => `${name}:${port}`)
}
