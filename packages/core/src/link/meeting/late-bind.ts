import type { SocketError } from '../../base/errors/errors.js'
import { asPermanent } from '../../base/owning/resources.js'
import { setTimeout } from '../../base/runtime/real-timers.js'
import { PairSocket } from '../../native/pair-socket.js'
import { haveMet, type LinkEnd } from '../link-end.js'
import { Meeting } from './meeting.js'

/** What is looked at of a link. */
type Link = Pick<LinkEnd, 'endpoint' | 'meeting'>

const FEW = 64
/** Milliseconds until a descriptor is looked for again where there was none. */
const AGAIN_MS = 250

/** A socket for when the process has no descriptor left for another. */
let spare: PairSocket | undefined
let keepsSpare = false

/** The links that this thread has made and whose sides may not have met. */
const unmet = new Map<string, Link>()
let sweepAt = FEW
/** Those that there was no descriptor for. */
const unended = new Set<Link>()

/**
 * A link was made in the main thread. At the end of the process, that thread makes sure that nothing waits for the
 * link's binding side. ZeroMQ makes a socket for each side that waits, and aborts the process when there is no
 * descriptor for it (hazard H8). So a spare socket is kept from the first link on.
 */
export function noteLink({ endpoint, meeting }: Link): void {
  keepsSpare = true
  fillSpare()
  if (unmet.size >= sweepAt) {
    for (const other of unmet.values()) if (haveMet(other)) unmet.delete(other.endpoint)
    sweepAt = Math.max(FEW, 2 * unmet.size)
  }
  unmet.set(endpoint, { endpoint, meeting })
}

/**
 * Makes ZeroMQ release the side that has connected to a link whose binding side is gone for good, unless the two have
 * met. Nothing may plug in there afterwards.
 *
 * @returns False when there is no descriptor for it now. It is then tried again from time to time.
 */
export function endMeeting(link: Link): boolean {
  const meeting = new Meeting(link.meeting)
  if (!meeting.hasHappened) {
    const socket = takeSocket()
    if (socket === undefined) {
      endLater(link)
      return false
    }
    bindOnce(socket, [link.endpoint])
    meeting.happened()
    fillSpare()
  }
  unmet.delete(link.endpoint)
  return true
}

function endLater({ endpoint, meeting }: Link): void {
  if (unended.size === 0) {
    const again = setTimeout(() => {
      const links = [...unended]
      unended.clear()
      for (const link of links) endMeeting(link)
    }, AGAIN_MS)
    // At the end of the process it is done in any case.
    again.unref()
  }
  unended.add({ endpoint, meeting })
}

/**
 * Does that for all links that this thread has made. For the end of the process, when no other thread can plug anything
 * in any more.
 */
export function endAllMeetings(): void {
  const waiting = [...unmet.values()].filter(link => !haveMet(link))
  unmet.clear()
  keepsSpare = false
  const socket = takeSocket()
  if (socket !== undefined)
    bindOnce(
      socket,
      waiting.map(({ endpoint }) => endpoint),
    )
}

/**
 * Binds a socket, and closes it. If the endpoint is in use, the side that was to bind it has bound it, so the connected
 * side has met it.
 */
function bindOnce(socket: PairSocket, endpoints: readonly string[]): void {
  try {
    for (const endpoint of endpoints) {
      try {
        socket.bind(endpoint)
      } catch (error) {
        if (((error as SocketError).cause as NodeJS.ErrnoException | undefined)?.code !== 'EADDRINUSE') throw error
      }
    }
  } finally {
    socket.close()
  }
}

function takeSocket(): PairSocket | undefined {
  const taken = spare ?? openSocket()
  spare = undefined
  return taken
}

function fillSpare(): void {
  if (keepsSpare) spare ??= openSocket()
}

/** Undefined when there is none to be had. */
function openSocket(): PairSocket | undefined {
  try {
    return asPermanent(() => new PairSocket('late'))
  } catch {
    return undefined
  }
}
