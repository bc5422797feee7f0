import { expectNoLeaks } from '@zera/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actorCalls } from './unknown-options/actor-calls.js'
import type { ReadyCalls } from './unknown-options/calls.js'
import { coreCalls } from './unknown-options/core-calls.js'
import { deviceCalls } from './unknown-options/device-calls.js'
import { optionPlaces, type PackageName } from './unknown-options/option-places.js'

/** Places that `optionPlaces` does not find, by package, with one of their options: their types have no name. */
const MORE: Readonly<Record<PackageName, Readonly<Record<string, string>>>> = {
  core: {},
  actors: {
    'ChildSpec.placement (node)': 'node',
    'DefinitionOptions.mailbox': 'overflow',
    'Supervisor.add (wait)': 'timeoutMs',
    'System.stop (ref)': 'timeoutMs',
    child: 'restart',
    defineJob: 'name',
  },
  devices: {
    'Broker.stop': 'timeoutMs',
    'BrokerWorker.stop': 'timeoutMs',
    'Device.stop': 'timeoutMs',
    'Gateway.stop': 'timeoutMs',
    'NetworkBarrier.stop': 'timeoutMs',
  },
}

describe.each<[PackageName, () => Promise<ReadyCalls>]>([
  ['core', coreCalls],
  ['actors', actorCalls],
  ['devices', deviceCalls],
])('an unknown option of @zera/%s', (name, ready) => {
  let own: ReadyCalls
  const values = optionPlaces(name).flatMap(({ key, types }) =>
    Object.entries(types).flatMap(([option, type]) => {
      const wrong = wrongFor(type)
      return wrong === undefined ? [] : [[key, option, wrong] as const, [key, option, null] as const]
    }),
  )
  const places = new Map([
    ...optionPlaces(name).map(({ key, names: [first] }) => [key, first] as const),
    ...Object.entries(MORE[name]),
  ])

  beforeAll(async () => {
    own = await ready()
  })

  afterAll(async () => {
    await own[Symbol.asyncDispose]()
    expectNoLeaks()
  })

  test('has a call for each place where the public API takes options', () => {
    expect(Object.keys(own.calls).toSorted()).toEqual([...places.keys()].toSorted())
  })

  test.each([...places])(
    'is a TypeError that names it and the one that was meant: %s, %sx',
    async (key, known = '') => {
      expect(await outcomeOf(() => own.calls[key]?.({ [`${known}x`]: 1 }), known)).toBe('refused')
    },
  )

  test.each(values)('has no value of another kind: %s, %s: %j', async (key, option, wrong) => {
    expect(await outcomeOfValue(() => own.calls[key]?.({ [option]: wrong }), option)).toBe('refused')
  })
})

/** A value of another kind for an option of a type; undefined for types that take many kinds. */
function wrongFor(type: string): unknown {
  const bare = type.replace(/ \| undefined$/u, '')
  if (bare === 'number') return '5'
  if (bare === 'boolean') return 'no'
  if (bare === 'AbortSignal') return {}
  if (bare.includes('=>')) return 1
  return /^'[\w-]+'( \| '[\w-]+')*$/u.test(bare) ? 'other' : undefined
}

/** `refused`, or what is wrong with the answer to a call with a value of another kind. */
async function outcomeOfValue(call: () => unknown, name: string): Promise<string> {
  try {
    await call()
    return 'was taken'
  } catch (error) {
    const isNamed = (error instanceof TypeError || error instanceof RangeError) && error.message.includes(name)
    return isNamed ? 'refused' : String(error)
  }
}

/** `refused`, or what is wrong with the answer to a call with an option like a known one. */
async function outcomeOf(call: () => unknown, known: string): Promise<string> {
  try {
    await call()
    return 'was taken'
  } catch (error) {
    const isNamed = error instanceof TypeError && error.message.includes(`${known}x`)
    return isNamed && error.message.endsWith(`did you mean ${known}?`) ? 'refused' : String(error)
  }
}
