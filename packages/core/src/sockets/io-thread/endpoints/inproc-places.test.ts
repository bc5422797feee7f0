import { describe, expect, test } from 'vitest'
import { InprocPlaces } from './inproc-places.js'

const HERE = 'inproc://here'

describe('InprocPlaces', () => {
  test('closed() names the endpoints that no socket had bound', () => {
    const places = new InprocPlaces<string>()
    places.bound('binder', 'inproc://bound')
    for (const endpoint of [HERE, 'inproc://bound', 'tcp://127.0.0.1:1']) places.connected('one', endpoint)

    expect(places.closed('one')).toEqual([HERE])
    expect(places.isForsaken(HERE)).toBe(true)
    places.freed(HERE)
    expect([places.isForsaken(HERE), places.waitedAt]).toEqual([false, []])
  })

  test('isForsaken() is false while an open socket waits there, too', () => {
    const places = new InprocPlaces<string>()
    places.connected('one', HERE)
    places.connected('other', HERE)

    places.closed('one')
    expect(places.isForsaken(HERE)).toBe(false)
    places.closed('other')
    expect(places.isForsaken(HERE)).toBe(true)
  })

  test('bound() is what they have waited for', () => {
    const places = new InprocPlaces<string>()
    places.connected('one', HERE)
    places.closed('one')
    places.connected('other', HERE)

    places.bound('binder', HERE)

    expect(places.waitedAt).toEqual([])
    expect(places.closed('other')).toEqual([])
  })

  test.each(['unbound', 'closed'] as const)('who connects when the place was %s waits for the next', how => {
    const places = new InprocPlaces<string>()
    places.bound('binder', HERE)
    if (how === 'unbound') places.unbound('binder', HERE)
    else places.closed('binder')

    places.connected('one', HERE)

    expect(places.waitedAt).toEqual([HERE])
    expect(places.closed('one')).toEqual([HERE])
  })
})
