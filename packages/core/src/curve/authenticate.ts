import { AsyncResource } from 'node:async_hooks'
import { messageOf } from '../base/errors/thrown.js'
import { monotonicMs } from '../base/runtime/real-timers.js'
import { callerClock, runWithin } from '../base/time/clock.js'
import { expectNumber } from '../base/values/expect-number.js'
import { withoutUndefined, type Filled } from '../base/values/filled.js'
import { expectOptions, optionNames } from '../base/values/options/known-options.js'
import { FUNCTION, NUMBER } from '../base/values/options/option-kinds.js'
import type { ZapVerdict } from '../sockets/messages/zap.js'

/** The client that wants to connect. */
export type AuthenticationRequest = {
  /**
   * The IP address of the client, without its port. Over ipc it is `localhost`. ZeroMQ itself appends the ids of user,
   * group and process.
   */
  readonly address: string
  /** The domain of the server's socket: its `zapDomain`. */
  readonly domain: string
  /**
   * The routing id of the server's socket, empty by default. The client's own routing id is not known before it is let
   * in.
   */
  readonly identity: Buffer
} & (
  | { readonly mechanism: 'NULL' }
  /** The client's credentials. */
  | { readonly mechanism: 'PLAIN'; readonly username: string; readonly password: string }
  /** The client's public key. It has proved that it has the secret one. */
  | { readonly mechanism: 'CURVE'; readonly publicKey: string }
)

/**
 * The decision. `true` lets the client in, with its name or key as user id. `metadata` travels with its connection to
 * programs that read it with `zmq_msg_gets`; names have 1 to 255 letters, digits and `-_.+`. A refusal has a status:
 * 400, the default, for credentials that are not allowed, 300 for a temporary fault, 500 for a fault here. ZeroMQ tells
 * the client the status but not the text.
 */
export type AuthenticationVerdict =
  | boolean
  | {
      readonly allow: true
      readonly userId?: string | undefined
      readonly metadata?: Readonly<Record<string, string>> | undefined
    }
  | {
      readonly allow: false
      readonly status?: 300 | 400 | 500 | undefined
      readonly text?: string | undefined
    }

/** Decides whether a client may connect. `signal` aborts when the answer would come too late. */
export type Authenticate = (
  request: AuthenticationRequest,
  call: { readonly signal: AbortSignal },
) => AuthenticationVerdict | Promise<AuthenticationVerdict>

/** How to ask an authenticator. */
export interface AuthenticateOptions {
  readonly authenticate: Authenticate
  /**
   * Milliseconds that `authenticate` has to answer; after that the client is refused with status 300. More than 0.
   * Default 5,000.
   */
  readonly deadlineMs?: number | undefined
  /** Questions that may be pending at a time; further clients are refused with status 300. Default 1,000. */
  readonly maxUnderWay?: number | undefined
  /**
   * Receives what `authenticate` throws; the client is then refused with status 500. Default: a line on standard error,
   * at most 20, then one a second.
   */
  readonly onFailure?: ((error: unknown) => void) | undefined
}

const AUTHENTICATE_OPTIONS = optionNames<AuthenticateOptions>({
  authenticate: FUNCTION,
  deadlineMs: NUMBER,
  maxUnderWay: true,
  onFailure: FUNCTION,
})
const DEFAULTS = { deadlineMs: 5000, maxUnderWay: 1000 }
const METADATA_NAME = /^[\w.+-]{1,255}$/
/** What ZeroMQ takes of a user id. */
const MOST_USER_ID_BYTES = 255

/** Asks, within the limits. It always answers. */
export class Authenticator {
  readonly #options: Filled<Omit<AuthenticateOptions, 'onFailure'>>
  readonly #onFailure: (error: unknown) => void
  #underWay = 0

  /**
   * @throws {TypeError}
   * @throws {RangeError} When an option is invalid.
   */
  constructor(options: AuthenticateOptions) {
    expectOptions('authenticate clients', options, AUTHENTICATE_OPTIONS)
    const { authenticate, onFailure = reportFailure(), ...numbers } = options
    if (typeof authenticate !== 'function')
      throw new TypeError('Cannot authenticate clients: authenticate must be a function')
    // It runs in the async context of the code that passed it, not of the code that began to serve others before.
    this.#options = { ...DEFAULTS, ...withoutUndefined(numbers), authenticate: AsyncResource.bind(authenticate) }
    this.#onFailure = onFailure
    const { deadlineMs, maxUnderWay } = this.#options
    expectNumber('authenticate clients', 'deadlineMs', deadlineMs, { above: 0 })
    expectNumber('authenticate clients', 'maxUnderWay', maxUnderWay, { from: 1 })
  }

  async decide(request: AuthenticationRequest): Promise<ZapVerdict> {
    const { authenticate, deadlineMs, maxUnderWay } = this.#options
    if (this.#underWay >= maxUnderWay) return { status: 300, text: 'Too many clients ask at once' }
    this.#underWay += 1
    try {
      const verdict = await runWithin(callerClock, deadlineMs, async signal => authenticate(request, { signal }))
      return verdict === undefined
        ? { status: 300, text: 'The authenticator took too long' }
        : verdictOf(verdict, userIdOf(request))
    } catch (error) {
      this.#onFailure(error)
      return { status: 500, text: 'The authenticator has failed' }
    } finally {
      this.#underWay -= 1
    }
  }
}

/**
 * The verdict for ZeroMQ.
 *
 * @throws {TypeError} When it is no verdict.
 */
export function verdictOf(verdict: AuthenticationVerdict, userId: string): ZapVerdict {
  if (verdict === true) return { status: 200, userId, metadata: {} }
  if (verdict === false) return { status: 400, text: 'Not allowed' }
  if (typeof verdict !== 'object' || verdict === null || typeof verdict.allow !== 'boolean')
    throw new TypeError('Cannot authenticate a client: the verdict must be a boolean, or an object with allow')
  if (!verdict.allow) {
    const { status = 400, text = 'Not allowed' } = verdict
    if (status !== 300 && status !== 400 && status !== 500)
      throw new TypeError(`Cannot authenticate a client: the status must be 300, 400 or 500, not ${String(status)}`)
    if (typeof text !== 'string') throw new TypeError('Cannot authenticate a client: the text must be a string')
    return { status, text }
  }
  const { userId: given = userId, metadata = {} } = verdict
  if (typeof given !== 'string' || Buffer.byteLength(given) > MOST_USER_ID_BYTES)
    throw new TypeError(`Cannot authenticate a client: userId must be a string of at most ${MOST_USER_ID_BYTES} bytes`)
  for (const [name, value] of Object.entries(metadata)) {
    if (!METADATA_NAME.test(name) || typeof value !== 'string')
      throw new TypeError(
        'Cannot authenticate a client: metadata has names of 1 to 255 letters, digits and -_.+, and strings as values',
      )
  }
  return { status: 200, userId: given, metadata }
}

function userIdOf(request: AuthenticationRequest): string {
  if (request.mechanism === 'CURVE') return request.publicKey
  return request.mechanism === 'PLAIN' ? request.username : ''
}

/** Lines at once, and one a second after them. */
const MOST_LINES = 20

function reportFailure(): (error: unknown) => void {
  let lines = MOST_LINES
  let sinceMs = monotonicMs()
  return error => {
    const nowMs = monotonicMs()
    lines = Math.min(MOST_LINES, lines + (nowMs - sinceMs) / 1000)
    sinceMs = nowMs
    if (lines < 1) return
    lines -= 1
    process.stderr.write(`authenticate has failed: ${messageOf(error)}\n`)
  }
}
