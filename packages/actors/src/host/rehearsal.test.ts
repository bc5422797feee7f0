import { openResources, systemClock, words } from '@zera/core/internal'
import { expect, test } from 'vitest'
import { notInjected } from '../fixtures/hosts/one-thread-hosts.js'
import { expectNoLeaksAfterAll } from '../fixtures/leaks.js'
import { readBlackBox } from '../model/events/black-box-report.js'
import type { HostPlace } from '../platform/host-seed.js'
import { openTransport } from '../platform/transport.js'
import { Host } from './host.js'
import { rehearse } from './rehearsal.js'

expectNoLeaksAfterAll()

/** Makes hosts of this thread, which keep to themselves. */
function stage(): { readonly places: HostPlace[]; readonly create: (place: HostPlace) => Host } {
  const places: HostPlace[] = []
  return {
    places,
    create: place => {
      places.push(place)
      return new Host({
        ...place,
        clock: systemClock,
        transport: openTransport(),
        requestLink: peer => expect.fail(`it wants a link to host ${peer}`),
        createInjector: () => ({
          construct: actorClass => new actorClass(),
          inject: notInjected,
          dispose: () => Promise.resolve(),
        }),
      })
    },
  }
}

test('rehearse() has an actor started by another host, which sends to it, and leaves nothing behind', async () => {
  const { places, create } = stage()
  const before = openResources().length

  await rehearse(create)
  await rehearse(create)

  const ofOne = ['begin echo', 'end echo', 'begin echo', 'end echo']
  expect(
    places.map(({ number, blackBox }) => [
      number,
      readBlackBox(blackBox).entries.map(({ what, method }) => `${what} ${method}`),
    ]),
  ).toEqual([
    [0, []],
    [1, ofOne],
    [0, []],
    [1, ofOne],
  ])
  expect([openResources().length, words.held]).toEqual([before, 0])
})
