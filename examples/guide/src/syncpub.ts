import { setImmediate as turn } from 'node:timers/promises'
import { openSocket, WouldBlockError, type Sendable, type Sockets } from '@zera/core'
import { endpoint, stageOf, type Role } from './stage.js'
import { subscriberNames, subscribersLeft } from './subscribers.js'

const SUBSCRIBERS = 10
const UPDATES = 1_000_000
/** Sends that are under way at a time. */
const UNDER_WAY = 100

/** Publishes a million updates when ten subscribers receive, and not before. None is lost: at a subscriber's high-water mark it waits. */
export default async function syncpub(role: Role): Promise<void> {
  await using publisher = await openSocket('XPUB', { noDrop: true, linger: 10_000 })
  await using meeting = await openSocket('REP')
  await publisher.bind(endpoint(role, 5561))
  await meeting.bind(endpoint(role, 5562))
  role.ready()

  const names = await subscribersReceive(publisher, meeting, role.stopping)
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
  await subscribersLeft(publisher, names, role.stopping)
}

/** A subscriber that gives a name receives when its subscription under that name has arrived; of one that does not, its word must do. Returns the names. */
async function subscribersReceive(publisher: Sockets['XPUB'], meeting: Sockets['REP'], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const names = subscriberNames(publisher, signal)
  const arrived = new Set<string>()
  for (let receiving = 0; receiving < SUBSCRIBERS; receiving++) {
    const name = String((await meeting.receive({ signal }))[0])
    if (name !== '') while (!arrived.has(name)) arrived.add(String((await names.next()).value))
    await meeting.send('')
  }
  return arrived
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
