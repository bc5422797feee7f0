import { describe, expect, test } from 'vitest'
import CounterActor from '../../fixtures/actors/counter.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { defineTopic } from '../../model/refs/topic.js'
import { child } from '../../model/supervision/child-spec.js'
import { SeededSimulation } from '../../testing/simulation/simulation.js'
import { startSystem } from '../start-system.js'

expectNoLeaksAfterEach()

const BAD = ['two\nlines', 'a\0b', '\uD800', 'x'.repeat(256)]

describe('names', () => {
  test.each(BAD)('are refused where they are given: %j', async name => {
    await expect(startSystem({ name })).rejects.toThrow(RangeError)
    await expect(startSystem({ nodes: [{ name }] })).rejects.toThrow(RangeError)
    expect(() => defineTopic(name)).toThrow(RangeError)
    await new SeededSimulation(1, { threads: 0 }).run(async ({ system }) => {
      await expect(system.spawn(CounterActor, { name })).rejects.toThrow(RangeError)
      await expect(system.spawn(CounterActor, { placement: { node: name } })).rejects.toThrow(RangeError)
      await expect(system.startPool(CounterActor, { size: 1, name })).rejects.toThrow(RangeError)
      await expect(system.supervise([child(CounterActor, { id: name })])).rejects.toThrow(RangeError)
      expect(() => system.group(name)).toThrow(RangeError)
    })
  })
})
