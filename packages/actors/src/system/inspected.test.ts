import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { mistakenClass } from '../fixtures/actors/mistaken.js'
import { defineTopic } from '../model/refs/topic.js'
import { startSystem } from './start-system.js'

describe('util.inspect()', () => {
  test('shows what a program holds by what is worth knowing, and nothing private', async () => {
    const system = await startSystem({ threads: 1, name: 'shop' })
    const ref = await system.spawn(mistakenClass, { name: 'one', placement: 'main' })
    const pool = await system.startPool(mistakenClass, { size: 1, name: 'many' })
    const supervisor = await system.supervise([{ id: 'first', start: mistakenClass }], { id: 'team' })
    const group = system.group<object>('crew')
    await group.join(ref)

    expect(inspect(ref)).toBe(`ActorRef(Mistaken#${ref.address.id}@0 "one")`)
    expect(inspect({ a: { b: { c: { ref } } } }, { depth: 3 })).toContain('ref: ActorRef(Mistaken#')
    expect(inspect(pool)).toBe(`ActorRef(Mistaken#${pool.address.id}@pool "many")`)
    expect(inspect(system)).toBe("System(shop) { state: 'running', threads: 1, actors: 3, pools: 1, deadLetters: 0 }")
    expect(inspect({ system }, { depth: 0 })).toBe('{ system: [System(shop)] }')
    expect(inspect(supervisor)).toBe("Supervisor(/team) { children: [ 'first: running' ] }")
    expect(inspect(group)).toBe(`GroupRef(crew) { members: [ ${inspect(ref)} ] }`)
    expect(inspect(system.topic(defineTopic('prices')))).toBe('TopicRef(prices)')
    expect(inspect(system.deadLetters)).toMatch(/^DeadLetters \{\s+received: 0,/)
    expect(inspect(mistakenClass)).toBe(`ActorDefinition(Mistaken of ${mistakenClass.url})`)
    for (const table of [ref.ask, ref.tell, ref.stream]) expect(inspect(table).length).toBeLessThan(200)

    const receipt = await system.stop()

    expect(inspect(system)).toContain("state: 'stopped'")
    expect(inspect(receipt)).toContain('SystemReceipt {')
    expect(inspect(receipt)).toContain('isClean: true')
    expect(structuredClone(receipt)).toEqual(receipt)
  })
})
