import { startSystem } from '@zera/actors'
import { createKeys, curveClient, openSocket } from '@zera/core'
import { GatewayError, startGateway } from '@zera/devices'
import Counter from './counter.js'

// In life they lie in files: zera keygen writes them, readKeys and readPublicKey read them.
const [serverKeys, friendKeys] = [createKeys(), createKeys()]

await using system = await startSystem({ threads: 1 })
const counter = await system.spawn(Counter, { name: 'counter' })

// Other machines may come in, since it is encrypted; and they may add, but not reset.
await using gateway = await startGateway({
  bind: 'tcp://0.0.0.0:*',
  curve: { keys: serverKeys, clients: [friendKeys.publicKey] },
  targets: {
    counter: { methods: ['add'], call: (_method, [by], { signal }) => counter.ask({ signal }).add(wholeNumber(by)) },
  },
})
const [endpoint] = gateway.endpoints

// This side knows nothing of actors; it could be written in any language that has ZeroMQ.
await using client = await openSocket('REQ', curveClient({ keys: friendKeys, serverKey: serverKeys.publicKey }))
await client.connect(endpoint.replace('0.0.0.0', '127.0.0.1'))
await show({ actor: 'counter', method: 'add', args: [2], id: 1 })
await show({ actor: 'counter', method: 'add', args: [3], id: 2 })
await show({ actor: 'counter', method: 'add', args: ['x'], id: 3 })
await show({ actor: 'counter', method: 'reset', id: 4 })

const { requests, values, errors } = await gateway.statistics()
console.log(`${requests} requests: ${values} values, ${errors} errors`)

async function show(request: unknown): Promise<void> {
  await client.send(JSON.stringify(request))
  console.log(String(await client.receive()))
}

/**
 * Its text is for the client. What else is thrown is not: the client gets the number of an incident, and this side a
 * line on stderr.
 */
function wholeNumber(value: unknown): number {
  if (!Number.isInteger(value)) throw new GatewayError('by must be a whole number')
  return value as number
}
