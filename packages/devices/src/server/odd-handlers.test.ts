import { openSocket } from '@zera/core'
import { isError } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { ODD_THENABLES, ODD_THROWN } from '../../../core/dist/fixtures/odd-values.js'
import { startBroker } from '../broker/broker.js'
import { startBrokerClient } from '../broker/peers/broker-client.js'
import { startBrokerWorker } from '../broker/peers/broker-worker.js'
import type { WorkerFailure } from '../broker/peers/worker-failure.js'
import { readErrorReply } from '../broker/protocol/error-reply.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import oddHandler, { ODD_REPLIES } from '../fixtures/odd-handler.js'
import { startGateway } from '../gateway/gateway.js'
import { startServer } from './server.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'
const REQUESTS = [
  ...ODD_THROWN.map((_, at) => ['throws', String(at)]),
  ...ODD_THENABLES.map((_, at) => ['returns', String(at)]),
  ...ODD_REPLIES.map((_, at) => ['replies', String(at)]),
]

describe('a handler that throws or returns what cannot be read', () => {
  test('of a server fails its requests, and its thread goes on', async () => {
    await using server = await startServer(new URL('../fixtures/odd-handler.js', import.meta.url), {
      frontend: ANY,
      threads: 1,
    })
    await using client = await openSocket('REQ')
    await client.connect(server.endpoints.frontend[0])

    for (const request of REQUESTS) {
      await client.send(request)
      expect([request, readErrorReply(await client.receive())?.fault]).toEqual([request, 'failed'])
    }
    await client.send('well')

    expect((await client.receive()).map(String)).toEqual(['ok'])
    expect((await server.statistics()).threads).toEqual({ running: 1, restarts: 0, lostRequests: 0 })
  })

  test('of a worker fails its requests, and it goes on', async () => {
    await using broker = await startBroker({ bind: ANY })
    const [endpoint] = broker.endpoints
    const failures: WorkerFailure[] = []
    await using worker = await startBrokerWorker({
      broker: endpoint,
      service: 'odd',
      handle: oddHandler,
      onFailure: failure => failures.push(failure),
    })
    await using client = await startBrokerClient({ broker: endpoint })

    for (const request of REQUESTS)
      await expect(client.request('odd', request)).rejects.toMatchObject({ code: 'ZERA_BROKER_REPLY', fault: 'failed' })

    expect((await client.request('odd', ['well'])).map(String)).toEqual(['ok'])
    expect(failures).toHaveLength(REQUESTS.length)
    expect(worker).toBeDefined()
  })

  test('of a gateway fails its calls, and it goes on', async () => {
    const call = (_method: string, args: readonly unknown[]): unknown => oddHandler(args as string[])
    let failures = 0
    await using gateway = await startGateway({
      bind: ANY,
      targets: { odd: { methods: ['be'], call } },
      onFailure: ({ error }) => (failures += isError(error) ? 1 : 0),
    })
    await using client = await openSocket('REQ')
    await client.connect(gateway.endpoints[0])
    const ask = async (args: readonly string[]): Promise<unknown> => {
      await client.send(JSON.stringify({ actor: 'odd', method: 'be', args }))
      return JSON.parse(String((await client.receive())[0]))
    }

    for (const request of REQUESTS.filter(([kind]) => kind !== 'replies'))
      expect([request, await ask(request)]).toMatchObject([request, { error: { code: 'failed' } }])

    expect(await ask(['well'])).toMatchObject({ value: 'ok' })
    expect(await gateway.statistics()).toMatchObject({ inFlight: 0, unanswered: 0, values: 1, errors: failures })
  })
})
