import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { ask } from '../fixtures/ask.js'
import { PageServer, type Action, type EventSink, type Route } from './server.js'

const TOKEN = 'correct-horse-battery'

const servers: PageServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(routes: Readonly<Record<string, Route>> = {}, actions: Readonly<Record<string, Action>> = {}) {
  const failures: unknown[] = []
  const server = await PageServer.listen({
    port: 0,
    host: '127.0.0.1',
    token: TOKEN,
    tls: undefined,
    routes: new Map(Object.entries({ '/ok': (answer => answer.json(200, 'fine')) satisfies Route, ...routes })),
    actions: new Map(Object.entries(actions)),
    hasControl: Object.keys(actions).length > 0,
    failed: error => failures.push(error),
  })
  servers.push(server)
  return { server, failures, url: `http://127.0.0.1:${server.port}/?token=${TOKEN}` }
}

async function send(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise(resolve => {
    let answer = ''
    const socket: Socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => (answer += chunk))
    socket.on('error', () => resolve(answer))
    socket.on('close', () => resolve(answer))
  })
}

describe('PageServer', () => {
  test('answers whoever has the token, and nobody else, with headers that let no other page in', async () => {
    const { url } = await serve()

    const [known, unknown, elsewhere] = [
      await ask(url, '/ok'),
      await ask(url, '/ok', { authorization: 'Bearer wrong' }),
      await ask(url, '/nothing'),
    ]

    expect([known.status, unknown.status, elsewhere.status]).toEqual([200, 401, 404])
    expect(known.body).toBe('"fine"')
    for (const { headers } of [known, unknown, elsewhere])
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': expect.stringContaining("default-src 'none'") as string,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
  })

  test('makes a cookie of the token, and lets the browser ask again without it', async () => {
    const { url } = await serve()

    const opened = await ask(url, `/ok?token=${TOKEN}`, { authorization: '' })
    const cookie = String(opened.headers['set-cookie']).split(';')[0] as string

    expect(opened).toMatchObject({ status: 303, headers: { location: '/ok' } })
    expect((await ask(url, '/ok', { authorization: '', cookie })).status).toBe(200)
  })

  test.each(['/../ok', '/%2e%2e/ok', '/ok/', '/ok%00', '/.', '/%', '/ok\\..\\ok', '/OK'])(
    'finds nothing by the trick %s',
    async path => {
      const { server } = await serve()

      const answer = await send(
        server.port,
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: close\r\n\r\n`,
      )

      expect(answer).toMatch(/^HTTP\/1\.1 (40[04]|200 OK[^]*"fine")/)
    },
  )

  test('outlives 10,000 requests that are none', { timeout: 60_000 }, async () => {
    const { server, url } = await serve()
    const junk = (n: number): string =>
      [
        '\0'.repeat(50),
        'GET',
        'GET / HTTP/9.9\r\n\r\n',
        `POST / HTTP/1.1\r\nContent-Length: ${n}\r\n\r\nx`,
        `${'A'.repeat(n)}\r\n`,
      ][n % 5] as string

    for (let n = 0; n < 10_000; n += 50)
      await Promise.all(Array.from({ length: 50 }, (_, at) => send(server.port, junk(n + at))))

    expect((await ask(url, '/ok')).status).toBe(200)
  })

  test('has a limit for pages that listen, and knows when one is slow', async () => {
    const sinks: EventSink[] = []
    const { server, url } = await serve({
      '/live': answer => {
        const sink = answer.stream(() => undefined)
        if (sink !== undefined) sinks.push(sink)
      },
    })
    const request = `GET /live HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`
    const sockets = Array.from({ length: 100 }, () => connect(server.port, '127.0.0.1').on('error', () => undefined))
    for (const socket of sockets) socket.pause().write(request)
    await expect.poll(() => server.readers).toBe(32)

    const first = sinks[0] as EventSink
    for (let n = 0; n < 10_000; n++) if (!first.isBehind) first.send('state', 'x'.repeat(1000))

    expect(first.isBehind).toBe(true)
    for (const socket of sockets) socket.destroy()
    await expect.poll(() => server.readers).toBe(0)
    expect((await ask(url, '/ok')).status).toBe(200)
  })

  test('reads what an act brings, if it is not much', async () => {
    const { server } = await serve({}, { '/act': (answer, body, by) => answer.json(200, [body, by]) })
    const post = (body: string, path = '/act'): Promise<string> =>
      send(
        server.port,
        `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      )

    const answers = [
      await post('{"a":1}'),
      await post('{'),
      await post(`"${'x'.repeat(5000)}"`),
      await post('1', '/no'),
    ]

    expect(answers.map(answer => answer.split(' ')[1])).toEqual(['200', '400', '413', '404'])
    expect(answers[0]).toContain('[{"a":1},"127.0.0.1 (command)"]')
  })

  test('says what went wrong at a path, and goes on', async () => {
    const { url, failures } = await serve({
      '/bad': () => {
        throw new Error('on purpose')
      },
    })

    expect(await ask(url, '/bad')).toMatchObject({ status: 500, body: '{"error":"on purpose"}' })
    expect(failures).toMatchObject([{ message: 'on purpose' }])
    expect((await ask(url, '/ok')).status).toBe(200)
  })
})
