import { expect, it } from 'vitest'
import Counter from '../../fixtures/actors/counter.js'
import { startSystem } from '../start-system.js'

it('System.spawn() spreads shared actors over the threads, also when they are started at once', async () => {
  await using system = await startSystem({ threads: 2 })

  const refs = await Promise.all(Array.from({ length: 6 }, () => system.spawn(Counter)))

  const perHost = [1, 2].map(host => refs.filter(ref => ref.address.host === host).length)
  expect(perHost).toEqual([3, 3])
})
