import type { Down } from '@zera/core'
import { MalformedMessageError, type LinkReceiver, type ThreadReceipt } from '@zera/core/internal'
import { ManualClock } from '@zera/core/testing'
import { expect, test } from 'vitest'
import { Pause } from '../../model/time/pause.js'
import type { HostThread } from '../../platform/platform.js'
import { HostSlot, type SlotOwner } from './host-slot.js'

/** A slot with a thread whose signals the test says. */
async function startSlot(fault?: (problem: string) => void) {
  let receiver: LinkReceiver | undefined
  const thread: HostThread = {
    words: new SharedArrayBuffer(0),
    link: { signal: () => undefined },
    down: new Promise<Down>(() => undefined),
    remains: { returned: [], lost: 0 },
    receive: given => void (receiver = given),
    stop: () => Promise.resolve({} as ThreadReceipt),
    kill: () => Promise.resolve({} as Down),
    ref: () => undefined,
    unref: () => undefined,
    fault,
  }
  const slot = new HostSlot(
    {
      number: 1,
      name: 'test',
      container: undefined,
      maxHeapMb: undefined,
      startMs: 1000,
      startThread: () => Promise.resolve(thread),
      isPrivate: false,
      isTimed: true,
    },
    { started: () => undefined } as Partial<SlotOwner> as SlotOwner,
    new Pause(new ManualClock()),
  )
  await slot.start()
  return (signal: string): void => receiver?.signal({ signal, data: {} }, undefined)
}

test('HostSlot refuses a signal that it does not know, of a thread of its own process', async () => {
  const say = await startSlot()

  for (const word of ['rhubarb', 'door']) expect(() => say(word)).toThrow(MalformedMessageError)
})

test('HostSlot ends the session of another process by a signal that it does not know, and nothing else', async () => {
  const faults: string[] = []
  const say = await startSlot(problem => void faults.push(problem))

  say('rhubarb')

  expect(faults).toEqual([expect.stringContaining('rhubarb')])
})
