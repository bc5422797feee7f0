import { SocketError } from '../../base/errors/errors.js'
import { asPermanent } from '../../base/owning/resources.js'
import { IO_THREAD } from '../../entry-urls.js'
import { createLinkEnds, type LinkEnd } from '../../link/link-end.js'
import { endMeeting, noteLink } from '../../link/meeting/late-bind.js'
import { unknownSignal } from '../../link/signal.js'
import { ExitWords } from '../../words/exit-words.js'
import { signalDown, type SignalUp } from '../control-signals.js'
import type { LinkedThread } from './linked-thread.js'
import { startLinkedThread } from './start-thread.js'

/** A thread that wants sockets, as the main thread knows it. */
export interface IoCustomer {
  /** What findings call it. */
  readonly thread: string
  /** The memory of its words. */
  readonly words: SharedArrayBuffer
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>
  /** Gives it its end. */
  linked(end: LinkEnd): void
  /** There is no I/O thread to be had. */
  refused(error: Error): void
  /** The I/O thread has ended. */
  readonly lost?: () => void
}

interface Io {
  readonly thread: LinkedThread
  /** The callers that wait until the I/O thread has closed the sockets of a customer. */
  readonly leaving: Map<number, () => void>
  /** Called when the I/O thread has no descriptor for the link to a customer. */
  readonly refusing: Map<number, (error: Error) => void>
}

let io: Promise<Io> | undefined
let customers = 0

/**
 * Links a thread to the I/O thread, which is started when it is first wanted and lives as long as the process. Resolves
 * when the thread has ended and all its sockets are closed.
 */
export async function serve(customer: IoCustomer): Promise<void> {
  let hasEnded = false
  void customer.ended.then(() => (hasEnded = true))
  let running: Io
  try {
    io ??= startIoThread()
    running = await io
  } catch (error) {
    io = undefined
    customer.refused(error as Error)
    return
  }
  if (!hasEnded) await serveWith(running, customer)
}

/** Keeps the process alive for the sake of the main thread's open sockets, or not. */
export async function keepAlive(isWanted: () => boolean): Promise<void> {
  const thread = (await io)?.thread
  if (isWanted()) thread?.ref()
  else thread?.unref()
}

async function serveWith({ thread, leaving, refusing }: Io, customer: IoCustomer): Promise<void> {
  customers += 1
  const client = customers
  const [ioEnd, end] = createLinkEnds(`io-${client}`, client, thread.words, customer.words)
  noteLink(ioEnd)
  const refused = new Promise<'refused'>(resolve => {
    refusing.set(client, error => {
      customer.refused(error)
      resolve('refused')
    })
  })
  const serving = { signal: 'serve', data: { client, thread: customer.thread } } as const
  signalDown(thread.link, serving, { content: ioEnd, transfer: [ioEnd.handover] })
  customer.linked(end)
  const { lost } = customer
  if (lost !== undefined) void thread.down.then(lost)
  const how = await Promise.race([customer.ended, refused])
  refusing.delete(client)
  // The customer has heard of it behind its end of the link, and lets go of that itself.
  if (how === 'refused') return
  const left = new Promise<void>(resolve => leaving.set(client, resolve))
  signalDown(thread.link, { signal: 'leave', data: { client } })
  await Promise.race([left, thread.down])
  endMeeting(ioEnd)
}

/** It runs no code of users, so that only a machine which is short of everything makes it late. */
const START_MS = 60_000

async function startIoThread(): Promise<Io> {
  const exit = new ExitWords()
  const leaving = new Map<number, () => void>()
  const refusing = new Map<number, (error: Error) => void>()
  const thread = await asPermanent(() =>
    startLinkedThread(IO_THREAD, { name: 'io', data: exit.memory, startMs: START_MS }),
  )
  thread.unref()
  thread.receive({
    message: () => undefined,
    signal: signal => {
      const said = signal as SignalUp
      if (said.signal === 'unserved') refusing.get(said.data.client)?.(new SocketError(said.data.text))
      else if (said.signal === 'left') {
        leaving.get(said.data.client)?.()
        leaving.delete(said.data.client)
      } else throw unknownSignal(signal, 'the main thread from its I/O thread')
    },
  })
  const closeSockets = (): void => exit.ask()
  // Before the hook that closes the kill gates: the thread needs its gate to close its links.
  process.prependListener('exit', closeSockets)
  void thread.down.then(() => process.off('exit', closeSockets))
  return { thread, leaving, refusing }
}
