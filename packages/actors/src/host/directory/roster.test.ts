import { describe, expect, test } from 'vitest'
import type { RosterChange } from '../../messaging/services/system-service.js'
import type { RefData } from '../../model/refs/ref.js'
import { Roster } from './roster.js'

function actor(id: number, host = 1): RefData {
  return { id, host, name: `actor ${id}`, url: 'file:///actor.js', definition: 'Actor' }
}

function subscribe(subscriber: RefData, prefix: string, method = 'hear'): RosterChange {
  return { change: 'subscribe', topic: 'news', subscriber, method, prefix }
}

function rosterOf(...changes: readonly RosterChange[]): Roster {
  const roster = new Roster()
  for (const change of changes) roster.apply(change)
  return roster
}

function hearers(roster: Roster, key: string): string[] {
  return [...roster.hearersOf('news', key)].flatMap(([host, onHost]) =>
    onHost.map(({ subscriber, method }) => `${method} of ${subscriber.id}@${host}`),
  )
}

describe('Roster.hearersOf()', () => {
  test('matches the prefix on the key, letter by letter', () => {
    const roster = rosterOf(subscribe(actor(16), 'sport.'), subscribe(actor(17), 'sport.*'), subscribe(actor(18), ''))

    expect(hearers(roster, 'sport.golf')).toEqual(['hear of 16@1', 'hear of 18@1'])
    expect(hearers(roster, 'sport')).toEqual(['hear of 18@1'])
    expect(hearers(roster, 'Sport.golf')).toEqual(['hear of 18@1'])
  })

  test('names who hears a key by two prefixes once, and by two methods twice', () => {
    const roster = rosterOf(
      subscribe(actor(16), ''),
      subscribe(actor(16), 'sport'),
      subscribe(actor(16), 'sport', 'write'),
    )

    expect(hearers(roster, 'sport.golf')).toEqual(['hear of 16@1', 'write of 16@1'])
  })

  test('groups them by host, those of another topic aside', () => {
    const roster = rosterOf(subscribe(actor(16, 1), ''), subscribe(actor(17, 2), ''), subscribe(actor(18, 1), ''))

    expect(hearers(roster, 'x')).toEqual(['hear of 16@1', 'hear of 18@1', 'hear of 17@2'])
    expect(roster.hearersOf('weather', 'x').size).toBe(0)
  })
})

describe('Roster.apply()', () => {
  test('takes each change twice without harm', () => {
    const join: RosterChange = { change: 'join', group: 'team', member: actor(16) }
    const roster = rosterOf(join, join, subscribe(actor(16), 'a'), subscribe(actor(16), 'a'))

    expect(roster.membersOf('team')).toEqual([actor(16)])
    expect(hearers(roster, 'a')).toEqual(['hear of 16@1'])

    const leave: RosterChange[] = [
      { change: 'leave', group: 'team', id: 16 },
      { change: 'unsubscribe', topic: 'news', id: 16, method: 'hear', prefix: 'a' },
    ]
    for (const change of [...leave, ...leave]) roster.apply(change)

    expect(roster.membersOf('team')).toEqual([])
    expect(hearers(roster, 'a')).toEqual([])
    expect([...roster.changes()]).toEqual([])
  })

  test('lets one that is gone leave everything, and takes the others along when one moves', () => {
    const roster = rosterOf(
      { change: 'join', group: 'team', member: actor(16) },
      { change: 'join', group: 'team', member: actor(17) },
      subscribe(actor(16), ''),
      subscribe(actor(17), ''),
    )

    roster.apply({ change: 'gone', id: 16 })
    roster.apply({ change: 'moved', actor: actor(17, 3) })

    expect(roster.membersOf('team')).toEqual([actor(17, 3)])
    expect(hearers(roster, 'x')).toEqual(['hear of 17@3'])
  })

  test('makes the same roster of changes()', () => {
    const roster = rosterOf(
      { change: 'join', group: 'team', member: actor(16) },
      subscribe(actor(17), 'a'),
      subscribe(actor(17), 'b'),
    )

    const copy = rosterOf(...roster.changes())

    expect([...copy.changes()]).toEqual([...roster.changes()])
    expect(hearers(copy, 'b')).toEqual(['hear of 17@1'])
  })
})
