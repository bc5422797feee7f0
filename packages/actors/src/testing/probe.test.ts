import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { actorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'
import { startProbe } from './probe.js'
import { SeededSimulation } from './simulation/simulation.js'

class Printer {
  print(page: string): string {
    return page
  }
  *copies(page: string): Generator<string> {
    yield page
  }
}
const Printers = defineActor(import.meta.url, Printer)

class Office {
  #printer: ActorRef<Printer> | undefined

  onStart({ printer }: { printer: ActorRef<Printer> }): void {
    this.#printer = printer
  }
  publish(page: string): void {
    this.#printer?.tell.print(page)
  }
  proof(page: string): Promise<string> | undefined {
    return this.#printer?.ask.print(page)
  }
  self(): ActorRef<object> {
    return actorContext().self
  }
}
const Offices = defineActor(import.meta.url, Office)

expectNoLeaksAfterEach()

describe('startProbe()', () => {
  test('next() gives the messages in their order, with their sender, also those that come later', async () => {
    await new SeededSimulation(1, {}).run(async ({ system }) => {
      const probe = await startProbe(system, Printers)
      const office = await system.spawn(Offices, { props: { printer: probe.ref } })
      const first = probe.next()

      for (const page of ['one', 'two', 'three']) office.tell.publish(page)
      await office.ask.self()
      const taken = [await first, await probe.next()]

      expect(taken).toMatchObject([
        { method: 'print', args: ['one'] },
        { method: 'print', args: ['two'] },
      ])
      expect(taken[0]?.sender?.address).toEqual({
        host: office.address.host,
        id: office.address.id,
        name: '',
        url: '',
        definition: '',
      })
      expect((await probe.next()).args).toEqual(['three'])
      expect(probe.waiting).toEqual([])
    })
  })

  test('gives the answers that were set, and no others', async () => {
    await new SeededSimulation(1, {}).run(async ({ system }) => {
      const told = await startProbe(system, Printers, { print: page => `printed ${page}` })
      const silent = await startProbe(system, Printers)
      const office = await system.spawn(Offices, { props: { printer: told.ref } })

      expect(await office.ask.proof('one')).toBe('printed one')
      expect(await silent.ref.ask.print('two')).toBeUndefined()
      expect([told.waiting.length, silent.waiting.length]).toEqual([1, 1])
    })
  })

  test('next() gives up after timeoutMs of simulated time, and takes nothing', async () => {
    await new SeededSimulation(1, {}).run(async ({ system }) => {
      const probe = await startProbe(system, Printers)

      await expect(probe.next({ timeoutMs: 3_600_000 })).rejects.toMatchObject({
        code: 'ZERA_WAIT_TIMEOUT',
        timeoutMs: 3_600_000,
        leaves: 'nothing',
      })
      probe.ref.tell.print('one')

      expect((await probe.next({ timeoutMs: 1000 })).args).toEqual(['one'])
    })
  })

  test('next() rejects with the reason of its signal, which leaves the message to the next call', async () => {
    await new SeededSimulation(1, {}).run(async ({ system }) => {
      const probe = await startProbe(system, Printers)
      const controller = new AbortController()
      const [before, meanwhile] = [new Error('before'), new Error('meanwhile')]
      await probe.ref.ask.print('one')

      await expect(probe.next({ signal: AbortSignal.abort(before) })).rejects.toBe(before)
      expect((await probe.next({ signal: controller.signal })).args).toEqual(['one'])
      const given = probe.next({ signal: controller.signal })
      const other = probe.next()
      controller.abort(meanwhile)
      await expect(given).rejects.toBe(meanwhile)
      probe.ref.tell.print('two')

      expect((await other).args).toEqual(['two'])
      await expect(probe.next({ timeoutMs: -1 })).rejects.toBeInstanceOf(RangeError)
    })
  })

  test('refuses what is no definition', async () => {
    await expect(
      startProbe({ spawn: () => Promise.reject(new Error('never')) }, {} as typeof Printers),
    ).rejects.toThrow('Cannot start a probe: it is {} and no definition')
  })
})
