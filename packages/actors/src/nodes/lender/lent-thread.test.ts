import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LinkedThread, LinkReceiver } from '@zera/core/internal'
import { expect, test, vi } from 'vitest'
import { NODE_LIMITS } from '../../model/nodes/node-limits.js'
import type { Report } from '../control/control.js'
import { openDoors } from './doors.js'
import { LentThread } from './lent-thread.js'

let receiver: LinkReceiver | undefined

vi.mock(import('@zera/core/internal'), async importReal => ({
  ...(await importReal()),
  startLinkedThread: () =>
    Promise.resolve({
      down: new Promise(() => undefined),
      receive: (given: LinkReceiver) => void (receiver = given),
      kill: () => Promise.resolve({}),
    } as unknown as LinkedThread),
}))

test('LentThread ends the session, and not the node, when its thread says what no host says', async () => {
  const reports: Report[] = []
  const faults: string[] = []
  const options = {
    isSpare: false,
    modules: [],
    name: 'lent',
    incarnation: 1,
    startMs: 1000,
    maxHeapMb: undefined,
    container: undefined,
    log: undefined,
  }
  const lending = {
    doors: openDoors('beside', `ipc://${join(tmpdir(), randomBytes(8).toString('hex'))}`),
    isEncrypted: false,
    lease: new SharedArrayBuffer(8),
    roots: undefined,
    limits: NODE_LIMITS,
    report: (report: Report) => void reports.push(report),
    fault: (reason: string) => void faults.push(reason),
  }
  const lent = await LentThread.start(1, options, lending, new AbortController().signal)

  receiver?.signal({ signal: 'introduce', data: { peer: 2 } }, undefined)
  receiver?.signal({ signal: 'rhubarb', data: { peer: 2 } }, undefined)

  expect(reports).toEqual([{ kind: 'signal', thread: 1, signal: 'introduce', data: { peer: 2 } }])
  expect(faults).toEqual([expect.stringContaining('rhubarb')])
  await lent.kill()
})
