import { curveClient, type CurveClient, openSocket, type Sockets } from '@zera/core'
import { SIGNAL, expectOptions, optionNames } from '@zera/core/internal'
import type { WaitCall } from './barrier.js'
import { helloKey } from './hello.js'

/** Where a subscriber meets its publisher. */
export interface MeetCall extends WaitCall {
  /** Where the barrier is bound. */
  readonly barrier: string
  /** The keys by which a barrier that encrypts knows it. */
  readonly curve?: CurveClient | undefined
}

const MEET_OPTIONS = optionNames<MeetCall>({ barrier: true, curve: true, signal: SIGNAL })

/**
 * Proves to a publisher's barrier that a subscriber receives, and resolves when the publisher knows. Subscribe to the
 * wanted topics before this call; connect to the publisher before or during it.
 *
 * @example
 *   await subscriber.subscribe('weather')
 *   await subscriber.connect('tcp://127.0.0.1:5561')
 *   await meetAtBarrier(subscriber, { barrier: 'tcp://127.0.0.1:5562' })
 *
 * @throws The signal's reason.
 * @throws {TypeError} When there is another option, or no barrier.
 * @see startBarrier
 */
export async function meetAtBarrier(subscriber: Sockets['SUB'], call: MeetCall): Promise<void> {
  expectOptions('meet at the barrier', call, MEET_OPTIONS)
  const { barrier, curve, signal } = call
  await using meeting = await openSocket('REQ', { ...curveClient(curve), linger: 0 })
  await meeting.connect(barrier)
  const key = helloKey()
  await subscriber.subscribe(key)
  await meeting.send(key)
  await meeting.receive(signal === undefined ? {} : { signal })
}
