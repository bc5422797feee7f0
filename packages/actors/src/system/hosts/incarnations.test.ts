import type { Down, ThreadReceipt } from '@zera/core'
import type { LinkEnd } from '@zera/core/internal'
import { ManualClock } from '@zera/core/testing'
import { expect, test, vi } from 'vitest'
import { notInjected } from '../../fixtures/hosts/one-thread-hosts.js'
import { Host } from '../../host/host.js'
import { systemRandom } from '../../model/time/random.js'
import type { HostThread } from '../../platform/platform.js'
import { SimulatedNetwork } from '../../testing/simulation/simulated-network.js'
import { Hosts } from './hosts.js'
import type { SpareThreads } from './spare-threads.js'

/** A thread that is there at once, and ends when the test says so. */
class FakeThread implements HostThread {
  readonly words = new SharedArrayBuffer(16)
  readonly remains = { returned: [], lost: 0 }
  readonly down: Promise<Down>
  readonly link = {
    signal: (_said: unknown, handOver?: { readonly content: unknown }): void =>
      (handOver?.content as Partial<LinkEnd> | undefined)?.handover?.close(),
  }
  #end: (down: Down) => void = () => undefined

  constructor() {
    this.down = new Promise(resolve => (this.#end = resolve))
  }

  receive(): void {}
  ref(): void {}
  unref(): void {}
  async stop(): Promise<ThreadReceipt> {
    await this.down
    return {} as ThreadReceipt
  }
  kill(): Promise<Down> {
    this.end('killed')
    return this.down
  }
  end(reason: Down['reason']): void {
    this.#end({ thread: 'fake', incarnation: 1, reason, exitCode: 1, error: undefined })
  }
}

function openHosts() {
  const clock = new ManualClock()
  const threads: FakeThread[] = []
  const happened: string[] = []
  const downs: Down[] = []
  const start = async (): Promise<FakeThread> => {
    const thread = new FakeThread()
    threads.push(thread)
    return thread
  }
  const hosts = new Hosts({
    owner: {
      hostStarted: ({ incarnation }) => void happened.push(`started ${incarnation}`),
      hostFailed: () => undefined,
      hostDelayed: () => undefined,
      abandoned: () => undefined,
      opened: () => undefined,
      hostDown: ({ incarnation }, down) => {
        happened.push(`down ${incarnation}`)
        downs.push(down)
      },
      messagesLost: () => undefined,
    },
    template: { name: 'fake', container: undefined, startMs: 1000, isTimed: true },
    sources: { threads: { start } as unknown as SpareThreads, processes: { start } as unknown as SpareThreads },
    transport: new SimulatedNetwork().join(),
    random: systemRandom,
    createMain: requestLink =>
      new Host({
        number: 0,
        clock,
        transport: new SimulatedNetwork().join(),
        requestLink,
        createInjector: () => ({
          construct: actorClass => new actorClass(),
          inject: notInjected,
          dispose: () => Promise.resolve(),
        }),
      }),
  })
  return { hosts, threads, happened, downs }
}

test('Hosts.ready() starts the next thread when the end of the one before was reported, however soon it is asked', async () => {
  const { hosts, threads, happened } = openHosts()
  const slot = await hosts.add({ isPrivate: true, maxHeapMb: undefined })

  threads[0]?.end('threw')
  // A caller asks at every moment from then on.
  for (let turn = 0; turn < 20; turn++) {
    void hosts.ready(slot)?.catch(() => undefined)
    await Promise.resolve()
  }
  await hosts.ready(slot)

  expect(happened).toEqual(['started 1', 'down 1', 'started 2'])
  hosts.main.close()
})

test('HostSlot tells of the end of a thread, which may have been a spare, by the name and the incarnation of the place', async () => {
  const { hosts, threads, happened, downs } = openHosts()
  const slot = await hosts.add({ isPrivate: true, maxHeapMb: undefined })
  const number = slot.number

  for (const at of [0, 1]) {
    await hosts.ready(slot)
    threads[at]?.end('threw')
    await vi.waitUntil(() => happened.includes(`down ${at + 1}`))
  }

  const names = [1, 2].map(incarnation => ({ thread: `fake/${number}.${incarnation}`, incarnation }))
  expect(downs).toMatchObject(names.map(name => ({ ...name, reason: 'threw' })))
  expect(hosts.receipts.last).toMatchObject(names)
  hosts.main.close()
})

test('Hosts.killForOne() of an incarnation that has gone neither kills the next nor changes how that ends', async () => {
  const { hosts, threads, happened } = openHosts()
  const slot = await hosts.add({ isPrivate: true, maxHeapMb: undefined })
  threads[0]?.end('threw')
  await vi.waitUntil(() => happened.includes('down 1'))
  await hosts.killForOne(slot, 1)
  await hosts.ready(slot)
  const redelivery = vi.spyOn(hosts.registry, 'redeliveryOn')

  await hosts.killForOne(slot, 1)
  expect(slot.isRunning).toBe(true)
  threads[1]?.end('threw')
  await vi.waitUntil(() => happened.includes('down 2'))

  expect(redelivery.mock.calls).toEqual([[slot.number, false]])
  hosts.main.close()
})
