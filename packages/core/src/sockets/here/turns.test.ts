import { expect, test } from 'vitest'
import { Turns } from './turns.js'

test.each([
  ['REQ', 'send', 'receive'],
  ['REP', 'receive', 'send'],
] as const)('Turns: on a %s it is first the turn of %s, then of %s', (type, first, second) => {
  const turns = new Turns(type)
  const before = [turns.allows(first), turns.allows(second)]

  turns.took(first)

  expect([before, turns.allows(first), turns.allows(second)]).toEqual([[true, false], false, true])
})

test('Turns gives a turn back to a call that came to nothing', () => {
  const turns = new Turns('REQ')
  turns.took('send')

  turns.gaveBack('send')

  expect(turns.allows('send')).toBe(true)
})
