import { describe, expect, test } from 'vitest'
import { LETTER, TOLD, type Fate } from '../records/lane.js'
import { judgeFate, judgeLane, judgeLosses, judgeSurvivingSender, tally, type LaneSums } from './account.js'

function fate(told: keyof typeof TOLD, handled: number, letter: keyof typeof LETTER = 'none'): Fate {
  return { told: TOLD[told], handled, letter: LETTER[letter] }
}

function sums(of: Partial<LaneSums>): LaneSums {
  return { ...tally([]), ...of }
}

describe('judgeFate()', () => {
  test.each([
    ['a tell that was handled', fate('told', 1), 'handled'],
    ['a tell without an outcome', fate('told', 0), 'missing'],
    ['a tell that came back before it was begun', fate('told', 0, 'notBegun'), 'givenBack'],
    ['a tell that came back as begun', fate('told', 0, 'begun'), 'begun'],
    ['a tell that came back as begun and had been handled', fate('told', 1, 'begun'), 'begun'],
    ['a tell to an actor that had stopped', fate('told', 0, 'stopped'), 'stopped'],
    ['a message that was refused', fate('refused', 0), 'refused'],
    ['an ask that was answered', fate('answered', 1), 'handled'],
    ['an ask that was rejected before it was begun', fate('downNotBegun', 0), 'givenBack'],
    ['an ask that was rejected as begun', fate('downBegun', 1), 'begun'],
    ['an ask whose answer died', fate('downHandled', 1), 'answerLost'],
    ['an ask of a sender that died, handled', fate('asked', 1), 'handled'],
    ['an ask without an outcome', fate('asked', 0), 'missing'],
    ['a message whose sender died while it sent it, handled', fate('trying', 1), 'handled'],
    ['a message whose sender died while it sent it', fate('trying', 0), 'unknown'],
  ] as const)('%s', (_name, of, expected) => {
    expect(judgeFate(of)).toBe(expected)
  })

  test.each([
    ['handled twice', fate('told', 2)],
    ['two dead letters of one message', fate('told', 0, 'twice')],
    ['handled, and a dead letter that was not begun', fate('told', 1, 'notBegun')],
    ['a dead letter for another reason', fate('told', 0, 'otherReason')],
    ['an ask that became a dead letter', fate('answered', 1, 'notBegun')],
    ['answered, and not handled', fate('answered', 0)],
    ['handled, and rejected as not begun', fate('downNotBegun', 1)],
    ['rejected as handled, and not handled', fate('downHandled', 0)],
    ['an ask that failed in another way', fate('failed', 0)],
    ['refused, and handled', fate('refused', 1)],
    ['a dead letter of a sender that died', fate('trying', 0, 'notBegun')],
  ])('%s is wrong', (_name, of) => {
    expect(judgeFate(of)).toEqual({ wrong: expect.any(String) })
  })
})

describe('tally()', () => {
  test('puts each message into one sum', () => {
    const of = tally([
      fate('told', 1),
      fate('told', 0, 'begun'),
      fate('downBegun', 1),
      fate('told', 0),
      fate('refused', 0),
      fate('told', 2),
    ])

    expect(of).toMatchObject({
      tried: 6,
      handled: 1,
      begun: 2,
      begunAndHandled: 1,
      missing: 1,
      refused: 1,
      wrong: { 'handled twice': 1 },
    })
    expect(judgeLane('lane', of)).toEqual(['lane: 1 messages: handled twice'])
  })
})

describe('judgeLane()', () => {
  test('sees that the sums do not add up', () => {
    expect(judgeLane('lane', sums({ tried: 3, handled: 1, missing: 1 }))).toHaveLength(1)
  })
})

describe('judgeSurvivingSender()', () => {
  test('lets no message be missing or unknown', () => {
    const problems = [
      sums({ tried: 1, missing: 1 }),
      sums({ tried: 1, unknown: 1 }),
      sums({ tried: 1, handled: 1 }),
    ].map(of => judgeSurvivingSender('lane', of).length)

    expect(problems).toEqual([1, 1, 0])
  })
})

describe('judgeLosses()', () => {
  const account = {
    sent: [sums({ missing: 5 }), sums({ missing: 2 })],
    answered: [sums({ answerLost: 3 })],
    lost: 10,
    earlyDeaths: 0,
    hasStreams: false,
  }

  test('wants as many lost as are missing', () => {
    expect(judgeLosses(account)).toEqual([])
    expect(judgeLosses({ ...account, lost: 9 })).toHaveLength(1)
    expect(judgeLosses({ ...account, lost: 11 })).toHaveLength(1)
  })

  test('leaves one open for each message that was being sent, handler that had not ended, and early death', () => {
    const open = {
      ...account,
      sent: [sums({ missing: 7, unknown: 1 })],
      answered: [sums({ answerLost: 3, begun: 2, begunAndHandled: 1 })],
      earlyDeaths: 1,
    }

    const problems = [9, 10, 11, 12, 13, 14].map(lost => judgeLosses({ ...open, lost }).length)

    expect(problems).toEqual([1, 0, 0, 0, 0, 1])
  })

  test('leaves items of streams open, which have no numbers', () => {
    const streaming = { ...account, hasStreams: true }

    expect([9, 10, 1000].map(lost => judgeLosses({ ...streaming, lost }).length)).toEqual([1, 0, 0])
  })
})
