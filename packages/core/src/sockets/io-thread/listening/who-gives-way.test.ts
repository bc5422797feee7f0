import { describe, expect, test } from 'vitest'
import { whoGivesWay } from './who-gives-way.js'
import type { HandshakeStage } from './zmtp/handshake.js'

describe('whoGivesWay()', () => {
  test.each<[HandshakeStage[], number | undefined]>([
    [['silent', 'silent', 'silent'], 0],
    [['greeted', 'silent', 'silent'], 1],
    [['greeted', 'silent', 'greeting'], 0],
    [['proving', 'greeting', 'greeted', 'silent'], 1],
    [['proving', 'proving', 'silent'], 0],
    [['silent'], 0],
    [[], undefined],
  ])('of %j it is number %s', (stages, expected) => {
    const connections = stages.map(stage => ({ stage }))

    expect(whoGivesWay(connections)).toBe(expected === undefined ? undefined : connections[expected])
  })
})
