import { describe, expect, test } from 'vitest'
import { Admissions } from './admissions.js'

/** Link 4, which host 2 binds and host 3 connects, and what was done of it. */
function expected(): { admissions: Admissions; done: string[] } {
  const admissions = new Admissions()
  const done: string[] = []
  const door = {
    admit: (link: number, key: string) => void done.push(`admit ${key} for ${link}`),
    dismiss: (link: number) => void done.push(`dismiss ${link}`),
  }
  admissions.expect(4, { binds: 2, connects: 3, door, admitted: () => void done.push('connect') })
  return { admissions, done }
}

describe('Admissions', () => {
  test('has a side connect when the door has admitted its key, and dismisses the key with the link', () => {
    const { admissions, done } = expected()

    expect(admissions.keyed(3, 4, 'key')).toBe(true)
    expect(done).toEqual(['admit key for 4'])
    expect(admissions.admitted(2, 4)).toBe(true)
    admissions.end(4)
    admissions.end(4)

    expect(done).toEqual(['admit key for 4', 'connect', 'dismiss 4'])
  })

  test('admits nothing for a link that has ended, and hears of it without complaint', () => {
    const { admissions, done } = expected()
    admissions.end(4)

    expect([admissions.keyed(3, 4, 'key'), admissions.admitted(2, 4), admissions.keyed(9, 3, 'key')]).toEqual([
      true,
      true,
      true,
    ])
    expect(done).toEqual([])
  })

  test.each<[what: string, say: (admissions: Admissions) => boolean]>([
    ['a key for the link of others', admissions => admissions.keyed(5, 4, 'key')],
    ['a key for its own door', admissions => admissions.keyed(2, 4, 'key')],
    ['a key for a link that was never made', admissions => admissions.keyed(3, 5, 'key')],
    ['a key for no link', admissions => admissions.keyed(3, -1, 'key')],
    ['a second key', admissions => admissions.keyed(3, 4, 'key') && admissions.keyed(3, 4, 'another')],
    ['that it is admitted itself', admissions => admissions.keyed(3, 4, 'key') && admissions.admitted(3, 4)],
    ['that no key is admitted', admissions => admissions.admitted(2, 4)],
    [
      'twice that a key is admitted',
      admissions => admissions.keyed(3, 4, 'key') && admissions.admitted(2, 4) && admissions.admitted(2, 4),
    ],
  ])('a host may not say %s', (_what, say) => {
    const { admissions, done } = expected()

    expect(say(admissions)).toBe(false)
    expect(done.filter(text => text.startsWith('admit')).length).toBeLessThanOrEqual(1)
  })
})
