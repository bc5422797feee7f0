import { eventLoopTurned } from '../../base/runtime/real-timers.js'
import { callerClock, within } from '../../base/time/clock.js'
import { aborted } from '../../base/time/on-abort.js'
import type { LinkEnd } from '../../link/link-end.js'
import { Link } from '../../link/link.js'
import { reactor } from '../../link/reactor/reactor.js'
import { unknownSignal } from '../../link/signal.js'
import { signalUp, type SignalDown } from '../../thread/control-signals.js'
import type { LinkedSelf } from '../../thread/inside/linked-self.js'
import { ExitWords } from '../../words/exit-words.js'
import { forsakenConnects } from './endpoints/forsaken-connects.js'
import { lingered, lingeringMs } from './endpoints/lingering.js'
import { framesInFlight } from './frames-in-flight.js'
import { IoSession } from './io-session.js'
import { Listening } from './listening/listening.js'
import { NativeEvents } from './monitor/native-events.js'
import { SocketFindings } from './socket-findings.js'

/**
 * Milliseconds that messages outlive sockets that their owner did not close, as it or the process has ended; zeromq.js
 * warns when the end takes 500.
 */
const ABRUPT_LINGER_MS = 400

/**
 * The one thread that waits in native calls, for all sockets that threads of this process have open. It runs no user
 * code, so nothing in it can hang, and it is never killed: it closes all sockets when the main thread's `exit` hook
 * asks it to (hazard H1).
 */
export default async function ioThread(thread: LinkedSelf): Promise<void> {
  const findings = new SocketFindings()
  const sessions = new Map<number, IoSession>()
  const closeAll = (): void => {
    for (const session of sessions.values()) session.close(ABRUPT_LINGER_MS)
    sessions.clear()
  }
  thread.receive({
    message: () => undefined,
    signal: (signal, handedOver) => {
      const said = signal as SignalDown
      if (said.signal === 'serve') {
        const { client, thread: name } = said.data
        const session = new IoSession(name, findings)
        const link = new Link(`io for ${client}`, reactor, session)
        session.attach(link)
        try {
          link.open(handedOver as LinkEnd)
          sessions.set(client, session)
        } catch (error) {
          // Whose sockets are open keeps them.
          ;(handedOver as LinkEnd).handover.close()
          signalUp(thread.link, { signal: 'unserved', data: { client, text: (error as Error).message } })
        }
      } else if (said.signal === 'leave') {
        const { client } = said.data
        sessions.get(client)?.close(ABRUPT_LINGER_MS)
        sessions.delete(client)
        signalUp(thread.link, { signal: 'left', data: { client } })
      } else throw unknownSignal(signal, 'the I/O thread')
    },
  })
  const exit = new ExitWords(thread.data as SharedArrayBuffer)
  thread.ready()
  await Promise.race([exit.asked(), aborted(thread.stopping)])
  closeAll()
  // What was pending is rejected now, before the environment that its promises need is torn down.
  await eventLoopTurned()
  await forsakenConnects.end()
  const maxMs = Math.max(ABRUPT_LINGER_MS, lingeringMs())
  exit.needs(maxMs)
  await Promise.all([NativeEvents.allEnded(maxMs), within(callerClock, maxMs, lingered())])
  // Frames that ZeroMQ has let go of are on their way to connected peers.
  await Listening.allEnded(ABRUPT_LINGER_MS)
  await framesInFlight.released(2 * ABRUPT_LINGER_MS)
  if (!thread.stopping.aborted) exit.confirmAndHold()
}
