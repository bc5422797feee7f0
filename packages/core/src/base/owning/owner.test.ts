import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openSocket } from '../../sockets/here/open-socket.js'
import { openPump } from '../../sockets/here/pump/open-pump.js'
import { startThread } from '../../thread/starter/start-thread.js'
import { ScopeClosedError } from '../errors/errors.js'
import { Ticker } from '../receiving/poller.js'
import { startOwned } from './owned-service.js'
import { currentOwner, enterOwner, followOwners, leaveOwner, unowned, type Owner } from './owner.js'
import { expectNoLeaks } from './resources.js'
import { Scope } from './scope.js'

followOwners()

class TestOwner extends Scope implements Owner {
  readonly name = 'actor /test'
}

function runOwned<T>(owner: Owner, run: () => T): T {
  enterOwner(owner)
  try {
    return run()
  } finally {
    leaveOwner()
  }
}

test('an owner is known in all that its code begins, and nowhere else', async () => {
  const owner = new TestOwner()
  const other = new TestOwner()

  const later = runOwned(owner, async () => {
    const inner = runOwned(other, () => currentOwner())
    await nextTurn()
    const inTimer = await new Promise(resolve => setTimeout(() => resolve(currentOwner())))
    const inThen = await Promise.resolve().then(() => currentOwner())
    return { inner, inTimer, inThen, after: currentOwner(), ownerless: unowned(() => currentOwner()) }
  })

  expect(currentOwner()).toBeUndefined()
  expect(await later).toEqual({ inner: other, inTimer: owner, inThen: owner, after: owner, ownerless: undefined })
})

test('close() of an owner closes what its code has opened, in time, and leaves what others opened', async () => {
  const owner = new TestOwner()
  const others = await openSocket('PULL')
  let released = 0
  const [socket, pump, service] = await runOwned(owner, async () => {
    await nextTurn()
    const endless = new Ticker(1000)
    const opened = await Promise.all([
      openSocket('PUSH', { linger: -1 }),
      openPump({ frontend: { type: 'PULL' }, backend: { type: 'PUSH' } }),
      startOwned('a thing', async () => ({
        ended: new Promise<undefined>(() => undefined),
        stop: async () => void (released += 1),
      })),
    ])
    expect(endless.isReady).toBe(false)
    return opened
  })
  // No peer takes it, and its linger has no end.
  const waiting = socket.send('in vain').catch((error: unknown) => error)

  await owner.close(20)

  expect([
    socket.isClosed,
    (pump as { isClosed?: boolean }).isClosed,
    released,
    service !== undefined,
    others.isClosed,
  ]).toEqual([true, true, 1, true, false])
  expect(await waiting).toBeInstanceOf(Error)
  await others.close()
  expectNoLeaks()
})

test('what was closed by its own code is let go of', async () => {
  const owner = new TestOwner()

  await runOwned(owner, async () => {
    for (let opened = 0; opened < 3; opened++) await (await openSocket('PULL')).close()
  })

  expect(await owner.close()).toEqual([])
})

test('nothing can be opened for an owner that has ended', async () => {
  const owner = new TestOwner()
  const service = { ended: Promise.resolve(undefined), stop: async () => undefined }
  const opening = runOwned(owner, () => openSocket('PULL')).catch((error: unknown) => error)
  await owner.close()

  const errors = await runOwned(owner, () =>
    Promise.all([
      opening,
      ...[
        () => openSocket('PULL'),
        () => openPump({ frontend: { type: 'PULL' }, backend: { type: 'PUSH' } }),
        () => startThread('file:///none.js'),
        async () => new Ticker(5),
        () => startOwned('it', async () => service),
      ].map(open => open().catch((error: unknown) => error)),
    ]),
  )

  for (const error of errors) expect(error).toBeInstanceOf(ScopeClosedError)
  expect((errors[1] as ScopeClosedError).owner).toBe('actor /test')
})
