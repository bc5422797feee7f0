import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, type AccessRules, type Credentials } from './access.js'

const RULES: AccessRules = {
  token: 'correct-horse-battery',
  hosts: ['127.0.0.1:4000', 'localhost:4000'],
  isSecure: false,
  hasControl: false,
}
const BEARER = { authorization: 'Bearer correct-horse-battery' }

function ask(url: string, headers: Credentials['headers'] = {}, method = 'GET'): ReturnType<typeof decide> {
  return decide({ method, url, headers: { host: '127.0.0.1:4000', ...headers } }, RULES)
}

/** Asks an observer that may act to do so. */
function act(headers: Credentials['headers'], url = '/api/control'): ReturnType<typeof decide> {
  const json = { host: '127.0.0.1:4000', 'content-type': 'application/json' }
  return decide({ method: 'POST', url, headers: { ...json, ...headers } }, { ...RULES, hasControl: true })
}

const COOKIE = { cookie: 'zera-observer-4000=correct-horse-battery' }
const ORIGIN = { origin: 'http://127.0.0.1:4000' }

describe('decide()', () => {
  test('makes the token of the address a cookie, and admits with that', () => {
    const opened = ask('/?token=correct-horse-battery')
    const cookie = opened.kind === 'opened' ? opened.cookie : ''

    expect(opened).toMatchObject({ kind: 'opened', path: '/' })
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(ask('/api/state?x=1', { cookie: `other=1; ${cookie.split(';')[0]}` })).toMatchObject({
      kind: 'admitted',
      path: '/api/state',
    })
    expect(ask('/api/state', { cookie: cookie.replace('4000', '4001') })).toMatchObject({ status: 401 })
  })

  test('admits a program with the token in a header', () => {
    expect(ask('/metrics', BEARER)).toMatchObject({ kind: 'admitted', path: '/metrics' })
  })

  test.each<[string, ReturnType<typeof ask>, number]>([
    ['no token', ask('/'), 401],
    ['a wrong token', ask('/?token=wrong'), 401],
    ['half of the token', ask('/', { authorization: 'Bearer correct-horse' }), 401],
    ['a cookie that is none', ask('/', { cookie: 'zera-observer-4000=%E0%A4%A' }), 401],
    ['another name, as after DNS rebinding', ask('/', { ...BEARER, host: 'evil.example:4000' }), 403],
    ['another port', ask('/', { ...BEARER, host: '127.0.0.1:80' }), 403],
    ['no name', decide({ method: 'GET', url: '/', headers: BEARER }, RULES), 403],
    ['another origin', ask('/', { ...BEARER, origin: 'http://evil.example' }), 403],
    ['the origin of a sandbox', ask('/', { ...BEARER, origin: 'null' }), 403],
    [
      'a page of another site',
      ask('/', { ...BEARER, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }),
      403,
    ],
    ['a page of another port', ask('/', { ...BEARER, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }), 403],
    ['what acts, where it only shows', ask('/', BEARER, 'POST'), 403],
    ['another method', ask('/', BEARER, 'DELETE'), 405],
    ['an act without a token', act(ORIGIN), 401],
    ['an act with the token in its address', act(ORIGIN, '/api/control?token=correct-horse-battery'), 401],
    ['an act by a cookie that does not say where it comes from', act(COOKIE), 401],
    ['an act of another site', act({ ...COOKIE, origin: 'http://evil.example' }), 403],
    ['an act of a form', act({ ...COOKIE, ...ORIGIN, 'content-type': 'text/plain' }), 415],
    [
      'an act that is a navigation of another site',
      act({ ...COOKIE, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }),
      403,
    ],
    ['another server', ask('//evil.example/', BEARER), 400],
    ['no path', ask('http://evil.example/', BEARER), 400],
    ['a long address', ask(`/${'a'.repeat(3000)}`, BEARER), 414],
  ])('refuses %s', (_what, decision, status) => {
    expect(decision).toMatchObject({ kind: 'refused', status })
  })

  test('lets the page and programs act, where that is wanted', () => {
    expect(act({ ...COOKIE, ...ORIGIN, 'sec-fetch-site': 'same-origin' })).toMatchObject({ by: 'page' })
    expect(act(BEARER)).toMatchObject({ kind: 'admitted', by: 'command' })
  })

  test('lets a person follow a link, who still needs the token', () => {
    const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }

    expect(ask('/?token=correct-horse-battery', navigation)).toMatchObject({ kind: 'opened' })
    expect(ask('/', navigation)).toMatchObject({ status: 401 })
  })

  test('never throws, and never admits without the token', () => {
    const header = fc.option(fc.string(), { nil: undefined })
    fc.assert(
      fc.property(fc.webPath(), fc.string(), header, header, header, (path, junk, cookie, authorization, origin) => {
        for (const url of [path, junk, `/${junk}`]) {
          const headers = { host: 'localhost:4000', cookie, authorization, origin } as Credentials['headers']
          expect(decide({ method: 'GET', url, headers }, RULES).kind).toBe('refused')
        }
      }),
    )
  })
})
