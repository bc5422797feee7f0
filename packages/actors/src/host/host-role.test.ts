import { MalformedMessageError } from '@zera/core/internal'
import { expect, test } from 'vitest'
import type { HostPlace } from '../platform/host-seed.js'
import { HostRole } from './host-role.js'
import type { Host } from './host.js'

const PLACE: HostPlace = { number: 1, blackBox: new SharedArrayBuffer(8) }

/** A host that records what it hears of its peers. */
function openRole(place: HostPlace | undefined): { role: HostRole; heard: unknown[][] } {
  const heard: unknown[][] = []
  const note =
    (what: string) =>
    (...args: unknown[]): void =>
      void heard.push([what, ...args])
  const peers = { linked: note('linked'), admitted: note('admitted'), down: note('down'), gone: note('gone') }
  return { role: new HostRole(({ number }) => ({ number, peers }) as unknown as Host, place), heard }
}

test('HostRole.signal() passes on what the main thread says of its peers', () => {
  const { role, heard } = openRole(PLACE)

  role.signal({ signal: 'linked', data: { peer: 2 } }, 'end')
  role.signal({ signal: 'admitted', data: { peer: 2, link: 7 } }, undefined)
  role.signal({ signal: 'down', data: { peer: 2, reason: 'killed' } }, undefined)
  role.signal({ signal: 'gone', data: { peer: 2 } }, undefined)

  const down = { reason: 'killed', error: undefined, redelivery: undefined, account: undefined }
  expect(heard).toEqual([
    ['linked', 2, 'end'],
    ['admitted', 2, 7],
    ['down', 2, down],
    ['gone', 2],
  ])
})

test.each([PLACE, undefined])('HostRole.signal() refuses a word that it does not know, at place %j', place => {
  const { role, heard } = openRole(place)

  expect(() => role.signal({ signal: 'rhubarb', data: { peer: 2 } }, undefined)).toThrow(MalformedMessageError)

  expect(heard).toEqual([])
})

test('HostRole.signal() makes a host of a spare thread', () => {
  const { role } = openRole(undefined)

  role.signal({ signal: 'assume' }, PLACE)

  expect(role.host?.number).toBe(1)
})
