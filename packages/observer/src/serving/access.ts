import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Who may see the page. */
export interface AccessRules {
  readonly token: string
  /**
   * The names under which the page may be asked for, each with its port: `127.0.0.1:4000`. Undefined where other
   * machines reach it, under names that it does not know.
   */
  readonly hosts: readonly string[] | undefined
  readonly isSecure: boolean
  /** Whether whoever may see the page may also act. */
  readonly hasControl: boolean
}

/** What a request says about who sends it. */
export interface Credentials {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
}

/** What becomes of a request. */
export type Decision =
  /** It is answered. */
  | { readonly kind: 'admitted'; readonly path: string; readonly query: URLSearchParams; readonly by: Caller }
  /** Its token becomes a cookie, and the browser asks again without it. */
  | { readonly kind: 'opened'; readonly cookie: string; readonly path: string }
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403 | 405 | 414 | 415; readonly why: string }

/** By what a request has shown that it may. */
type Caller = 'page' | 'command'

const LONGEST_URL = 2048

/**
 * Decides whether a request is answered. Only whoever has the token is, by a cookie, which its page gets for it, or by
 * the header `Authorization: Bearer`. Nothing is answered for the page of another site, nor under a name that a foreign
 * name server may point to this machine.
 */
export function decide({ method, url = '', headers }: Credentials, rules: AccessRules): Decision {
  const acts = method === 'POST'
  if (method !== 'GET' && !acts) return refused(405, 'only GET and POST are answered')
  if (acts && !rules.hasControl)
    return refused(403, 'this observer only shows: start the system with observer: { control: true }')
  if (url.length > LONGEST_URL) return refused(414, 'the address is too long')
  const { host = '', origin } = headers
  if (rules.hosts?.includes(host.toLowerCase()) === false) return refused(403, 'the Host header names another server')
  const scheme = rules.isSecure ? 'https' : 'http'
  if (origin !== undefined && origin !== `${scheme}://${host}`) return refused(403, 'another site asks')
  // The forms of other sites can send texts, but not this.
  if (acts && !/^application\/json\b/u.test(headers['content-type'] ?? ''))
    return refused(415, 'an act is sent as application/json')
  const site = headers['sec-fetch-site']
  // A link in a mail or on another page may lead here: the cookie does not come along, and the token would be in it.
  const isNavigation = headers['sec-fetch-mode'] === 'navigate' && !acts
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation)
    return refused(403, 'another site asks')
  const target = parse(url, host)
  if (target === undefined) return refused(400, 'this is no address')
  const { pathname: path, searchParams: query } = target
  const given = query.get('token')
  if (given !== null && !acts)
    return isToken(given, rules) ? { kind: 'opened', cookie: cookieOf(rules, host), path } : refused(401, NO_TOKEN)
  const bearer = /^Bearer (\S+)$/u.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined && isToken(bearer, rules)) return { kind: 'admitted', path, query, by: 'command' }
  const cookie = cookieIn(headers.cookie, cookieName(host))
  // Browsers say where an act comes from, so a cookie alone is not enough for one.
  if (cookie !== undefined && isToken(cookie, rules) && (!acts || origin !== undefined))
    return { kind: 'admitted', path, query, by: 'page' }
  return refused(401, NO_TOKEN)
}

const NO_TOKEN = 'the token is missing or wrong: open the address that the program has printed'

function refused(status: Extract<Decision, { kind: 'refused' }>['status'], why: string): Decision {
  return { kind: 'refused', status, why }
}

/** Undefined when it is none, or one of another server. */
function parse(url: string, host: string): URL | undefined {
  if (!url.startsWith('/') || url.startsWith('//')) return undefined
  try {
    return new URL(url, `http://${host}`)
  } catch {
    return undefined
  }
}

/** In a time that tells nothing. */
function isToken(given: string, { token }: AccessRules): boolean {
  const [a, b] = [given, token].map(text => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(a, b)
}

/** Cookies are kept by name and not by port, and a machine may have several observers. */
function cookieName(host: string): string {
  return `zera-observer-${/\d+$/u.exec(host)?.[0] ?? ''}`
}

function cookieOf({ token, isSecure }: AccessRules, host: string): string {
  const secure = isSecure ? '; Secure' : ''
  return `${cookieName(host)}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict${secure}`
}

function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key !== name || value === undefined) continue
    try {
      return decodeURIComponent(value)
    } catch {
      return undefined
    }
  }
  return undefined
}
