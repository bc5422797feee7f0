import { openSocket } from '@zera/core'
import type { SocketStateName } from '../rows/states.js'

type Open = () => Promise<readonly AsyncDisposable[]>

/** No socket listens there. */
const NOWHERE = 'tcp://127.0.0.1:9'
/** More than a dealer that receives nothing takes. */
const MESSAGES = 40
const MESSAGE_BYTES = 1024 * 1024

/** Opens sockets in which something waits natively, as a state of that name has them. */
export function openInState(state: SocketStateName): Promise<readonly AsyncDisposable[]> {
  return OPENINGS[state]()
}

const OPENINGS: Readonly<Record<SocketStateName, Open>> = {
  'sub-open': async () => {
    const subscriber = await openSocket('SUB')
    await subscriber.connect(NOWHERE)
    await subscriber.subscribe('')
    subscriber.receive().catch(() => undefined)
    return [subscriber]
  },
  'req-waiting': async () => {
    const requester = await openSocket('REQ', { linger: 0 })
    await requester.connect(NOWHERE)
    await requester.send('to nobody')
    requester.receive().catch(() => undefined)
    return [requester]
  },
  'router-full': async () => {
    const router = await openSocket('ROUTER', { sendHighWaterMark: 1, linger: 0 })
    const endpoint = await router.bind('tcp://127.0.0.1:*')
    const dealer = await openSocket('DEALER', { receiveHighWaterMark: 1, routingId: 'idle' })
    await dealer.connect(endpoint)
    await dealer.send('here I am')
    await router.receive()
    const sends = Array.from({ length: MESSAGES }, () => router.send(['idle', Buffer.alloc(MESSAGE_BYTES)]))
    for (const send of sends) send.catch(() => undefined)
    await sends[0]
    return [router, dealer]
  },
}
