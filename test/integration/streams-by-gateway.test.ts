import { startSystem, UnknownMethodError, type ActorRef } from '@zera/actors'
import { expectNoLeaks, openSocket } from '@zera/core'
import { startGateway, type GatewayFailure } from '@zera/devices'
import { afterEach, expect, test } from 'vitest'
import counters, { type Counter } from './streams-by-gateway/counter.js'

afterEach(() => expectNoLeaks())

/** As in a program without types, each method either way. */
interface Untyped {
  readonly ask: Readonly<Record<string, (...args: readonly unknown[]) => unknown>>
  readonly stream: Readonly<Record<string, (...args: readonly unknown[]) => unknown>>
}

test.each([
  ['asks for a generator method', 'ask', 'upTo', 'failed', true],
  ['streams a generator method', 'stream', 'upTo', 'bad-result', false],
  ['streams a plain method', 'stream', 'add', 'bad-result', false],
] as const)(
  'a target of a gateway that %s gives its client an error, and the actor keeps what it has',
  async (_what, way, method, code, isUnknownMethod) => {
    await using system = await startSystem({ threads: 1 })
    const counter: ActorRef<Counter> = await system.spawn(counters)
    const failures: GatewayFailure[] = []
    await using gateway = await startGateway({
      bind: 'tcp://127.0.0.1:*',
      targets: {
        counter: { methods: [method], call: (name, args) => (counter as unknown as Untyped)[way][name]?.(...args) },
      },
      onFailure: failure => failures.push(failure),
    })
    await using client = await openSocket('REQ')
    await client.connect(gateway.endpoints[0])
    await counter.ask.add(1)

    await client.send(JSON.stringify({ actor: 'counter', method, args: [10] }))
    const reply = JSON.parse(String(await client.receive())) as { readonly error: object }

    expect(reply.error).toMatchObject({ code, incident: failures[0]?.incident })
    expect(failures.map(({ error }) => error instanceof UnknownMethodError)).toEqual([isUnknownMethod])
    expect(await counter.ask.add(0)).toBe(1)
    expect((await system.snapshot()).restarts).toBe(0)
  },
)
