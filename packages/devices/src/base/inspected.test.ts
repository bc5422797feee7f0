import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { startBroker } from '../broker/broker.js'
import { startQueue } from '../proxy/queue.js'

test('util.inspect() shows devices by their state and endpoints', async () => {
  const queue = await startQueue({ frontend: 'inproc://shown-front', backend: 'inproc://shown-back' })
  const broker = await startBroker({ bind: 'inproc://shown-broker' })

  expect(inspect(queue)).toMatch(/^Device\(queue\) \{\s+state: 'running'/u)
  expect(inspect(queue)).toContain('inproc://shown-front')
  expect(inspect(broker)).toMatch(/^Broker \{ state: 'running'/u)
  await Promise.all([queue.stop(), broker.stop()])
  expect(inspect(queue)).toMatch(/state: 'ended'|state: 'stopping'/u)
})
