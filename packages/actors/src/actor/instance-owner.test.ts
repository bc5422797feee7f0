import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSocket } from '@zera/core'
import { expect, test } from 'vitest'
import Openers, { openedByActors, type OpenerProps } from '../fixtures/actors/failing/opener.js'
import JournalDefinition, { journalLines, untilWritten } from '../fixtures/actors/journal.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import { startSystem, type Placement } from '../index.js'
import { simulate } from '../testing/index.js'

expectNoLeaksAfterEach()

/** An address that no actor has, for now. */
async function freePort(): Promise<string> {
  await using socket = await openSocket('ROUTER')
  return socket.bind('tcp://127.0.0.1:*')
}

const ipc = (name: string): string => `ipc://${join(tmpdir(), `zera-${process.pid}-${name}`)}`

test('what an actor has opened is closed with its instance, before the next one begins, wherever it lives and whatever ended it', async () => {
  await using system = await startSystem({ threads: 1, handleSignals: false })
  const journal = await system.spawn(JournalDefinition, { placement: 'main' })
  const places: [Extract<Placement, string>, string][] = [
    ['main', await freePort()],
    ['shared', ipc('shared')],
    ['own-thread', 'inproc://own-thread'],
    ['own-process', await freePort()],
  ]

  await Promise.all(
    places.map(async ([placement, at]) => {
      const label = placement
      const props: OpenerProps = { label, at, journal }
      const actor = await system.spawn(Openers, { placement, props, maxRestarts: 5 })
      const first = await actor.ask.openMore()
      const opened = await actor.ask.opened()
      expect(opened).toEqual(
        [...(placement === 'main' ? ['of an actor'] : []), 'PULL', 'PUSH', 'REP', 'SUB'].toSorted(),
      )

      // It throws.
      actor.tell.fail()
      const second = await actor.ask.openMore()
      const ticks = journalLines().filter(line => line === `${label}: tick ${first}`).length
      expect(await actor.ask.opened()).toEqual(opened)
      await untilWritten(`${label}: stop: it failed: no, RangeError`)
      await untilWritten(`${label}: tick ${second}`, 3)
      expect(journalLines().filter(line => line === `${label}: tick ${first}`)).toHaveLength(ticks)

      // It ignores its signal, and wants more when there is another instance.
      const ignored = new AbortController()
      const asked = actor
        .ask({ signal: ignored.signal })
        .ignore()
        .catch((error: unknown) => error)
      await actor
        .ask({ timeoutMs: 20 })
        .opened()
        .catch(() => undefined)
      ignored.abort()
      await asked
      await untilWritten(`${label}: ignored: ScopeClosedError, true, ScopeClosedError`)
      expect(await actor.ask.opened()).toEqual(['PULL', 'REP'])

      // It is stopped, and the address is free.
      await system.stop(actor)
      await using successor = await openSocket('ROUTER')
      await successor.bind(at)
    }),
  )

  expect(openedByActors()).toEqual([])
  const receipt = await system.stop()
  expect([receipt.isClean, receipt.left]).toEqual([
    true,
    expect.objectContaining({ sockets: 0, timers: 0, handles: 0 }),
  ])
})

test('what a start has opened that failed is closed before the start rejects, and onStop does not run', async () => {
  await using system = await startSystem({ threads: 0, handleSignals: false })
  const journal = await system.spawn(JournalDefinition, { placement: 'main' })
  const props: OpenerProps = { label: 'late', at: await freePort(), journal, failsIn: 'onStart' }

  await expect(system.spawn(Openers, { props })).rejects.toMatchObject({ code: 'ZERA_ACTOR_START' })

  expect([openedByActors(), journalLines()]).toEqual([[], []])
  await system.stop(await system.spawn(Openers, { props }))
})

test('a simulation closes what an actor has opened, also when its thread dies', async () => {
  const at = await freePort()

  await simulate({ seeds: [7], threads: 1 }, async simulation => {
    const { system } = simulation
    const journal = await system.spawn(JournalDefinition, { placement: 'main' })
    const actor = await system.spawn(Openers, { props: { label: 'simulated', at, journal }, maxRestarts: 5 })
    for (const end of [() => actor.tell.fail(), () => simulation.crash()]) {
      const restarted = nextEvent(system, 'actor-restarted')
      end()
      await restarted
      expect(await actor.ask.opened()).toEqual(['PULL', 'REP'])
    }
  })

  expect(openedByActors()).toEqual([])
})
