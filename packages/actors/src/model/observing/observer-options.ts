import { FLAG, expectNumber, expectOptions, optionNames } from '@zera/core/internal'

/** How a system can be observed from a browser, a terminal, or by Prometheus. */
export interface ObserverOptions {
  /** The port of the page. Default 0: a free one. */
  readonly port?: number | undefined
  /**
   * The address at which the page is served. Default `127.0.0.1`, which only this machine reaches. Another one needs
   * `token` and `tls`.
   */
  readonly host?: string | undefined
  /** The secret that opens the page, of at least 16 characters. Default: a random one, which `Observer.url` has. */
  readonly token?: string | undefined
  /** The certificate and its key, in PEM. Default: none, and the page is served by HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
  /**
   * Whether whoever has the token may act: kill a thread, restart and stop actors, stop and resize pools, send dead
   * letters again. Each act is logged, with who did it. Default false: the page only shows.
   */
  readonly control?: boolean | undefined
  /** Whether the page shows the arguments of dead letters, which may be secret. Default false. */
  readonly payloads?: boolean | undefined
}

/** What shows a running system. It answers while the main thread is blocked and actors spin. */
export interface Observer {
  /** The page, with the token that opens it. Whoever has it sees the system. */
  readonly url: string
}

const OPTIONS = optionNames<ObserverOptions>({
  port: true,
  host: true,
  token: true,
  tls: true,
  control: FLAG,
  payloads: FLAG,
})
const MOST_PORT = 65_535
const LEAST_TOKEN = 16

/**
 * Checks how a system is to be observed.
 *
 * @throws {TypeError} When there is no such option, or one is not of its kind.
 * @throws {RangeError} When `port` is none, `token` is too short, or other machines would see it without `token` and
 *   `tls`.
 */
export function expectObserver(observer: boolean | ObserverOptions | undefined): void {
  if (observer === undefined || typeof observer === 'boolean') return
  expectOptions('start a system: observer', observer, OPTIONS)
  const { port = 0, host, token, tls } = observer
  expectNumber('start a system: observer', 'port', port, { to: MOST_PORT, isWhole: true })
  for (const [name, text] of Object.entries({ host, token, 'tls.cert': tls?.cert, 'tls.key': tls?.key }))
    if (text !== undefined && typeof text !== 'string')
      throw new TypeError(`Cannot start a system: observer.${name} is no text`)
  if (token !== undefined && !/^[\w.~-]+$/u.test(token))
    throw new RangeError(
      'Cannot start a system: observer.token has characters that an address has not: use letters, digits, and . _ ~ -',
    )
  if (token !== undefined && token.length < LEAST_TOKEN)
    throw new RangeError(
      `Cannot start a system: observer.token is shorter than ${LEAST_TOKEN} characters, and could be guessed`,
    )
  if (host !== undefined && !isLoopback(host) && (token === undefined || tls === undefined))
    throw new RangeError(
      `Cannot start a system: observer.host ${host} is reached by other machines; pass token and tls, or listen at 127.0.0.1`,
    )
}

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/u.test(host)
}
