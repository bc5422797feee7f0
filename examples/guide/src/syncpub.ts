import { setImmediate as turn } from 'node:timers/promises'
import { openSocket, WouldBlockError, type Sendable, type Sockets } from '@zera/core'
import { startBarrier } from '@zera/devices'
import { endpoint, stageOf, type Role } from './stage.js'

const SUBSCRIBERS = 10
const UPDATES = 1_000_000
/** Sends that are under way at a time. */
const UNDER_WAY = 100

/**
 * Publishes a million updates when ten subscribers receive, and not before. None is lost: at a subscriber's high-water
 * mark it waits.
 */
export default async function syncpub(role: Role): Promise<void> {
  await using publisher = await openSocket('XPUB', { noDrop: true, linger: 10_000 })
  await publisher.bind(endpoint(role, 5561))
  // Those of the guide say that they receive and prove nothing, so their word has to do.
  await using barrier = await startBarrier({
    publisher,
    bind: endpoint(role, 5562),
    subscribers: SUBSCRIBERS,
    trustsWords: true,
  })
  role.ready()

  await barrier.whenMet({ signal: role.stopping })
  console.log(`syncpub: ${SUBSCRIBERS} subscribers receive`)

  // Strangers get an update a message, as in the guide. A message of a hundred updates, a frame each, travels seven times as fast.
  const message: Sendable = stageOf(role).isWhole ? Array<string>(100).fill('Rhubarb') : ['Rhubarb']
  const startedAt = performance.now()
  for (let sent = 0; sent < UPDATES && !role.stopping.aborted; sent += UNDER_WAY * message.length) {
    await Promise.all(Array.from({ length: UNDER_WAY }, () => sendWhenPossible(publisher, message)))
  }
  await sendWhenPossible(publisher, 'END')
  console.log(`syncpub: ${UPDATES} updates in ${Math.round(performance.now() - startedAt)} ms`)
  // The linger is not enough: a subscriber at its high-water mark when the publisher closes would lose what is on its way.
  await barrier.whenLeft({ signal: role.stopping })
}

async function sendWhenPossible(publisher: Sockets['XPUB'], message: Sendable): Promise<void> {
  for (;;) {
    try {
      return await publisher.send(message)
    } catch (error) {
      if (!(error instanceof WouldBlockError)) throw error
      await turn()
    }
  }
}
