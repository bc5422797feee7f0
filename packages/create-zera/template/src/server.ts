import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { ActorRef } from '@zera/actors'
import type { Counter } from './counter.ts'
import type { Primes } from './primes.ts'

interface Actors {
  readonly visits: ActorRef<Counter>
  readonly primes: ActorRef<Primes>
}

/** An HTTP server that asks actors. */
export function createAppServer({ visits, primes }: Actors): Server {
  const server = createServer((request, response) => {
    // A connection that is kept alive ends with the answer, once the server closes.
    if (!server.listening) response.setHeader('connection', 'close')
    respond(request.url ?? '/').then(
      ({ status, text }) => response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`),
      (error: unknown) => {
        console.error(error)
        response.writeHead(500).end('The request failed\n')
      },
    )
  })
  return server

  async function respond(url: string): Promise<{ status: number; text: string }> {
    if (url === '/') return { status: 200, text: `visit ${await visits.ask.add(1)}` }
    const [, limit] = /^\/primes\/(\d{1,7})$/.exec(url) ?? []
    if (limit === undefined) return { status: 404, text: 'There is nothing here; try / and /primes/1000000' }
    return { status: 200, text: `${await primes.ask.countBelow(Number(limit))} primes below ${limit}` }
  }
}

/** Takes no new connections, answers the requests that there are, and closes. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection that is kept alive may become idle after that.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  await closed
  clearInterval(idle)
}
