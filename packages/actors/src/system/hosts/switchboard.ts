import {
  accountOf,
  createLinkEnds,
  NO_MESSAGES,
  readLedgers,
  sumOfAccounts,
  type RemoteAccount,
  type RemoteTerms,
} from '@zera/core/internal'
import type { LinkRefusal } from '../../model/errors.js'
import type { EndedLinks, LinkAccount } from '../../model/observing/observed-system.js'
import type { PeerDown } from '../../platform/peer-down.js'
import type { PartyElsewhere } from '../../platform/platform.js'
import type { HostEnd, Transport } from '../../platform/transport.js'
import { Admissions, type AdmissionReports } from './admissions.js'
import { remoteEnds } from './remote-ends.js'

/** A host, as the switchboard knows it. */
export interface Party {
  readonly number: number
  /** The memory of its thread's words. */
  readonly words: SharedArrayBuffer
  /** How to reach it, when it is in another process than the system. */
  readonly elsewhere?: PartyElsewhere | undefined
  /** Takes its end; a host elsewhere is given the terms, and its own process the memory. */
  linked(peer: number, end: HostEnd | RemoteTerms): void
  /** The door on the other side of the link with this number lets this one in. */
  admitted(peer: number, link: number): void
  /** The other side of the link with this number could not be opened, or, with 0, no link could be made, and why. */
  severed(peer: number, link: number, refusal: LinkRefusal): void
  down(peer: number, down: PeerDown): void
  gone(peer: number): void
}

interface Line {
  readonly party: Party
  /** Whether its actors are there, so that others may be linked to it. It may ask for links before. */
  isOpen: boolean
  readonly linkedTo: Set<number>
  /** Its links to hosts that have gone down, by their numbers, as long as it has not settled what was on them. */
  widowed: readonly number[]
  /** The hosts that it waits for. */
  readonly waitsFor: Set<number>
}

/** A link that one side has left. */
interface LeftLink {
  readonly end: HostEnd
  /**
   * Whether the other side has settled all that was on it. Until it reports that, an empty account proves nothing. That
   * side may not have heard of the end, and go on sending. It may not even have opened its end; then its messages enter
   * the account all at once.
   */
  isSettled: boolean
}

/** What the switchboard must know and do about links whose hosts have gone down. */
export type LinkAccounts = Pick<
  Transport,
  'unsettled' | 'writeOff' | 'refuseLink' | 'noteLink' | 'haveMet' | 'endMeeting'
>

/**
 * Introduces hosts to each other: it links a host that asks for another to it when both are there. From then on they
 * talk directly.
 *
 * It lives in the main thread and does no IO of its own.
 */
export class Switchboard {
  readonly #lines = new Map<number, Line>()
  readonly #gone = new Set<number>()
  readonly #ends = new Map<string, ReadonlyMap<number, HostEnd | RemoteTerms>>()
  /**
   * Links that at least one side has left, by their numbers, as long as something on them is unsettled, or a host may
   * wait on them for the other side.
   */
  readonly #left = new Map<number, LeftLink>()
  /** The messages of links that are over. */
  #closed = NO_MESSAGES
  readonly #accounts: LinkAccounts
  readonly #admissions = new Admissions()
  readonly admissions: AdmissionReports = this.#admissions
  #links = 0

  constructor(accounts: LinkAccounts) {
    this.#accounts = accounts
  }

  /** Adds a host, or the next incarnation of one. */
  join(party: Party): void {
    this.#lines.set(party.number, { party, isOpen: false, linkedTo: new Set(), widowed: [], waitsFor: new Set() })
  }

  /** Allows links to a host, and links the hosts that wait for it. */
  open(number: number): void {
    const line = this.#lines.get(number)
    if (line === undefined) return
    line.isOpen = true
    for (const [other, { waitsFor }] of this.#lines) if (waitsFor.has(number)) this.request(other, number)
  }

  /** A host asks for another. */
  request(from: number, to: number): void {
    const asking = this.#lines.get(from)
    if (asking === undefined || asking.linkedTo.has(to)) return
    if (this.#gone.has(to)) {
      asking.party.gone(to)
      return
    }
    const asked = this.#lines.get(to)
    if (asked?.isOpen !== true) {
      asking.waitsFor.add(to)
      return
    }
    const refusal = this.#accounts.refuseLink()
    if (refusal === undefined) this.#link(asking, asked)
    else {
      asking.waitsFor.delete(to)
      asking.party.severed(to, 0, refusal)
    }
  }

  /** Links two hosts that are there, also when the second is not open yet. */
  introduce(from: number, to: number): void {
    const [asking, asked] = [this.#lines.get(from), this.#lines.get(to)]
    if (asking !== undefined && asked !== undefined && !asking.linkedTo.has(to)) this.#link(asking, asked)
  }

  /**
   * A host has gone down. Tells the hosts that were linked to it, which then settle their messages with it. It may join
   * again.
   *
   * @param accounts What is known of its links, when it was in another process.
   * @returns The numbers of its links to others that had gone down before: neither side is left to settle what is on
   *   them.
   */
  leave(number: number, down: PeerDown, accounts?: ReadonlyMap<number, RemoteAccount>): readonly number[] {
    const orphaned = this.#lines.get(number)?.widowed ?? []
    this.#lines.delete(number)
    for (const line of this.#lines.values()) {
      const { party, linkedTo } = line
      if (!linkedTo.delete(number)) continue
      const [own, others] = this.#takeEnds(number, party.number)
      this.#admissions.end(own.incarnation)
      // What a host elsewhere has settled is in the memory of its own process.
      if (hasLedgers(others)) this.#widow(line, others)
      party.down(number, { ...down, ...accountFor(own, accounts) })
    }
    return orphaned
  }

  /** Whether both sides of a link are there, as far as is known. */
  hasLink(link: number): boolean {
    for (const ends of this.#ends.values())
      for (const { incarnation } of ends.values()) if (incarnation === link) return true
    return false
  }

  /** The links between hosts of this process: the memory of the account of each. */
  accounts(): readonly LinkAccount[] {
    return Array.from(this.#ends.values(), ends => [...ends]).flatMap(([one, other]) => {
      if (one === undefined || other === undefined) return []
      const [[number, end], [peer]] = [one, other]
      if (!('handover' in end)) return []
      const [binds, connects] = end.role === 'bind' ? [number, peer] : [peer, number]
      return [{ binds, connects, ledgers: end.ledgers }]
    })
  }

  /** The links between hosts of this process that at least one side has left. */
  endedLinks(): EndedLinks {
    for (const link of this.#left.keys()) this.#isOver(link)
    return {
      closed: this.#closed,
      open: Array.from(this.#left.values()).flatMap(({ end }) => ('handover' in end ? [end.ledgers] : [])),
    }
  }

  /**
   * A host could not open its side of a link, and has given back all messages for it. The other side begins nothing,
   * and does the same; a host that asks again gets a new link.
   */
  sever(from: number, to: number, link: number, refusal: LinkRefusal): void {
    const [line, other] = [this.#lines.get(from), this.#lines.get(to)]
    const end = this.#ends.get(pairOf(from, to))?.get(to)
    if (line === undefined || other === undefined || end?.incarnation !== link) return
    this.#ends.delete(pairOf(from, to))
    this.#admissions.end(link)
    line.linkedTo.delete(to)
    other.linkedTo.delete(from)
    if (hasLedgers(end)) this.#widow(other, end)
    other.party.severed(from, link, refusal)
  }

  /** Whether two hosts have this link. */
  joins(link: number, one: number, other: number): boolean {
    return this.#ends.get(pairOf(one, other))?.get(one)?.incarnation === link
  }

  /** The remaining side of a link has settled what was on it, found so many messages lost, and reported them. */
  settled(link: number, lost: number): void {
    const left = this.#left.get(link)
    if (left === undefined) return
    left.isSettled = true
    // Between processes each side only has an account of what it has sent itself.
    if ('handover' in left.end) this.#accounts.writeOff(left.end, lost)
  }

  /**
   * Closes the accounts of links that both sides have left.
   *
   * @returns How many messages were on them whose outcome is unknown.
   */
  closeAccounts(links: readonly number[]): number {
    let messages = 0
    for (const link of links) {
      const left = this.#left.get(link)
      if (left === undefined) continue
      const lost = this.#accounts.unsettled(left.end)
      this.#accounts.writeOff(left.end, lost)
      this.#accounts.endMeeting(left.end)
      this.#close(link, left)
      messages += lost
    }
    return messages
  }

  /** A host that has left will not join again. Tells the hosts that wait for it, and those that ask for it later. */
  retire(number: number): void {
    this.#gone.add(number)
    for (const { party, waitsFor } of this.#lines.values()) if (waitsFor.delete(number)) party.gone(number)
  }

  /** A host is alone on a link, until it has settled what was on it. */
  #widow(line: Line, end: HostEnd): void {
    this.#left.set(end.incarnation, { end, isSettled: false })
    line.widowed = [...line.widowed.filter(link => !this.#isOver(link)), end.incarnation]
  }

  /**
   * Whether nothing more can be lost on a link: it is settled, what had arrived on it was handled, and its sides have
   * met.
   */
  #isOver(link: number): boolean {
    const left = this.#left.get(link)
    if (left === undefined) return true
    const isOver = left.isSettled && this.#accounts.unsettled(left.end) === 0 && this.#accounts.haveMet(left.end)
    if (isOver) this.#close(link, left)
    return isOver
  }

  /** Nothing can happen on a link any more. */
  #close(link: number, { end }: LeftLink): void {
    this.#left.delete(link)
    if ('handover' in end) this.#closed = sumOfAccounts([this.#closed, ...readLedgers(end.ledgers)])
  }

  #link(asking: Line, asked: Line): void {
    const [a, b] = [asking.party, asked.party]
    this.#links += 1
    const name = `${a.number}-${b.number}`
    const [endOfA, endOfB] =
      a.elsewhere === undefined && b.elsewhere === undefined
        ? createLinkEnds(name, this.#links, a.words, b.words)
        : remoteEnds(name, this.#links, a.elsewhere, b.elsewhere)
    this.#ends.set(
      pairOf(a.number, b.number),
      new Map([
        [a.number, endOfA],
        [b.number, endOfB],
      ]),
    )
    asking.linkedTo.add(b.number)
    asked.linkedTo.add(a.number)
    asking.waitsFor.delete(b.number)
    asked.waitsFor.delete(a.number)
    if (hasLedgers(endOfA)) this.#accounts.noteLink(endOfA)
    // The side that was asked binds or connects in any order: inproc lets a connect come first.
    a.linked(b.number, endOfA)
    b.linked(a.number, endOfB)
    this.#expectKey(a, endOfA, b, endOfB)
  }

  /**
   * For a link to a door with a key, the connecting side names its own key. In another process it does so once it has
   * made the key.
   */
  #expectKey(a: Party, endOfA: HostEnd | RemoteTerms, b: Party, endOfB: HostEnd | RemoteTerms): void {
    const [connects, end, binds] = endOfA.role === 'connect' ? [a, endOfA, b] : [b, endOfB, a]
    const { elsewhere: door } = binds
    if (door?.doorKey === undefined) return
    const { incarnation: link } = end
    this.#admissions.expect(link, {
      binds: binds.number,
      connects: connects.number,
      door,
      admitted: () => connects.admitted(binds.number, link),
    })
    if ('keys' in end && end.keys !== undefined) this.#admissions.keyed(connects.number, link, end.keys.publicKey)
  }

  #takeEnds(one: number, other: number): [HostEnd | RemoteTerms, HostEnd | RemoteTerms] {
    const pair = pairOf(one, other)
    const ends = this.#ends.get(pair) as ReadonlyMap<number, HostEnd | RemoteTerms>
    this.#ends.delete(pair)
    return [ends.get(one) as HostEnd, ends.get(other) as HostEnd]
  }
}

/** What is known of the side of a link that has gone down, when the link was between two processes. */
function accountFor(
  own: HostEnd | RemoteTerms,
  accounts: ReadonlyMap<number, RemoteAccount> | undefined,
): { readonly account?: RemoteAccount } {
  if ('handover' in own) return {}
  const account = hasLedgers(own) ? accountOf(own) : accounts?.get(own.incarnation)
  return account === undefined ? {} : { account }
}

function hasLedgers(end: HostEnd | RemoteTerms): end is HostEnd {
  return 'ledgers' in end
}

/** Two hosts share one link, whichever of them asked for it. */
function pairOf(one: number, other: number): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}
