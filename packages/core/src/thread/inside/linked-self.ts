import { keepLateErrorsPostable } from '../../base/errors/late-error.js'
import { openResources } from '../../base/owning/resources.js'
import { exportOf } from '../../base/runtime/module-exports.js'
import { eventLoopTurned, setImmediate } from '../../base/runtime/real-timers.js'
import { stayAlive } from '../../base/runtime/stay-alive.js'
import { onAbort } from '../../base/time/on-abort.js'
import { VALUES_ALONE } from '../../link/batches/message-format.js'
import { takeControlWord, leaveControlLink, setControlLink } from '../../link/control-link.js'
import type { LinkEnd } from '../../link/link-end.js'
import type { LinkReceiver } from '../../link/link-receiver.js'
import { Link } from '../../link/link.js'
import { LateReceiver } from '../../link/meeting/late-receiver.js'
import { reactor } from '../../link/reactor/reactor.js'
import { importUserModule } from '../../modules/import-user-module.js'
import { endSockets } from '../../native/pair-socket.js'
import { ignoreCollections } from '../../words/heap-guard.js'
import { seed, words, type ThreadSeed } from '../../words/this-thread.js'
import type { AttachedThread } from '../attached-thread.js'
import { signalUp, type SignalDown } from '../control-signals.js'
import { LinkPipe } from '../pipe/link-pipe.js'
import type { Leftovers } from '../thread-receipt.js'
import { LinkSignals } from '../thread-signals.js'

/** A thread seen from inside, with the link that Zera's own packages need. */
export class LinkedSelf implements AttachedThread {
  readonly name: string
  readonly incarnation: number
  readonly data: unknown
  /** The link to the starter, for code that sets its own receiver with `receive`. */
  readonly link: Link
  readonly signals: LinkSignals
  readonly #stop = new AbortController()
  readonly #receiver = new LateReceiver()
  #pipe: LinkPipe | undefined

  constructor(seedling: ThreadSeed<LinkEnd>) {
    this.name = seedling.name
    this.incarnation = seedling.incarnation
    this.data = seedling.data
    this.link = new Link(seedling.name, reactor, {
      format: VALUES_ALONE,
      message: (body, slot) => this.#receiver.message(body, slot),
      signal: (signal, handedOver) => {
        const said = signal as SignalDown
        if (said.signal === 'stop') this.#stop.abort()
        else if (said.signal === 'said') this.signals.take(said.data)
        else if (!takeControlWord(signal, handedOver)) this.#receiver.signal(signal, handedOver)
      },
    })
    this.signals = new LinkSignals(this.link)
    this.link.open(seedling.end)
    setControlLink(this.link)
  }

  get pipe(): LinkPipe {
    if (this.#pipe === undefined) {
      const pipe = new LinkPipe(this.link)
      this.#pipe = pipe
      this.receive(pipe)
      if (this.stopping.aborted) pipe.end()
      else onAbort(this.stopping, () => pipe.end())
    }
    return this.#pipe
  }

  get stopping(): AbortSignal {
    return this.#stop.signal
  }

  ready(): void {
    signalUp(this.link, { signal: 'ready' })
  }

  finish(): void {
    this.#pipe?.finish()
  }

  /** Sets the receiver of what arrives, instead of the pipe. */
  receive(receiver: LinkReceiver): void {
    this.#receiver.receive(receiver)
  }
}

const MAX_COLLECTIONS = 3

/** What the module of a thread exports as its default: the thread's whole life. */
type ThreadMain = (thread: LinkedSelf) => void | Promise<void>

/** Runs the module that this thread was started for, from the hello to the report. */
export async function runThread(): Promise<void> {
  if (seed === undefined)
    throw new Error('Cannot run this module: it is the entry of threads that startThread starts; call startThread')
  // A sleeping thread has no native operation and no open handle, so only this keeps its event loop alive (hazard H5).
  const mayEnd = stayAlive()
  const thread = new LinkedSelf(seed as ThreadSeed<LinkEnd>)
  keepLateErrorsPostable()
  process.on('exit', () => {
    // What it has sent in the turn in which it calls process.exit() or throws leaves with it, if there is memory to send it.
    if (words.reachedHeapMb === 0) reactor.flushNow()
    endSockets()
  })
  const main = exportOf(await importFirst(seed.url), 'default')
  if (typeof main !== 'function') {
    throw new TypeError(
      `${seed.url} has no function as its default export; a thread's module exports (thread) => { … }`,
    )
  }
  await (main as ThreadMain)(thread)
  thread.finish()
  await thread.link.outbox.sent()
  await leaveControlLink()
  // Code may still wait for a module in vain.
  await words.loads.idle()
  ignoreCollections()
  mayEnd()
  signalUp(thread.link, { signal: 'stopped', data: await countLeftovers(seed) })
  thread.link.close()
  // What user code left open would keep the thread alive forever. The report has it, as far as Node knows it.
  setImmediate(() => process.exit(0))
}

/** Loads the thread's module, the last of those that its starter has counted. */
async function importFirst(url: string): Promise<object> {
  try {
    return await importUserModule(url)
  } finally {
    await words.loads.end()
  }
}

/**
 * Counts what is left open. After a garbage collection, Node's work on native objects waits for the event loop as an
 * immediate, which is not what user code has left. The count itself may bring a collection, and one may follow another,
 * so where it finds an immediate, it counts again when the event loop has turned.
 */
async function countLeftovers(seedling: ThreadSeed): Promise<Leftovers> {
  let left = leftovers(seedling)
  for (let turn = 0; turn < MAX_COLLECTIONS && left.timers > 0; turn++) {
    await eventLoopTurned()
    left = leftovers(seedling)
  }
  return left
}

function leftovers(seedling: ThreadSeed): Leftovers {
  const open = openResources()
  const count = (kind: string): number => open.filter(resource => resource.kind === kind).length
  const handles = process.getActiveResourcesInfo().filter(handle => handle !== 'CloseReq')
  const timers = handles.filter(handle => handle === 'Timeout' || handle === 'Immediate').length
  return {
    // The link's own socket closes after the report.
    sockets: open.filter(resource => resource.kind === 'socket' && resource.name !== `PAIR ${seedling.name}`).length,
    // The reactor may have an immediate of its own under way.
    timers: timers - (reactor.isYielding ? 1 : 0),
    asks: count('ask'),
    blocks: count('block'),
    messages: words.held,
    handles: handles.length - timers,
  }
}
