import type { Down } from '@zera/core'
import { NO_MESSAGES, type LinkEnd } from '@zera/core/internal'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LinkedHosts } from '../../fixtures/hosts/linked-hosts.js'
import type { LinkRefusal } from '../../model/errors.js'
import type { PeerDown } from '../../platform/peer-down.js'
import { Switchboard, type LinkAccounts, type Party } from './switchboard.js'

const down: Down = { thread: 'host', incarnation: 1, reason: 'killed', exitCode: 1, error: undefined }

/** A host that writes down its orders. */
class FakeParty implements Party {
  readonly number: number
  readonly words = new SharedArrayBuffer(16)
  readonly told: string[] = []
  readonly ends: LinkEnd[] = []

  constructor(number: number) {
    this.number = number
  }

  linked(peer: number, end: LinkEnd): void {
    end.handover.close()
    this.ends.push(end)
    this.told.push(`linked ${peer}`)
  }

  admitted(peer: number, link: number): void {
    this.told.push(`admitted ${peer} ${link}`)
  }

  severed(peer: number, link: number): void {
    this.told.push(`severed ${peer} ${link}`)
  }

  down(peer: number): void {
    this.told.push(`down ${peer}`)
  }

  gone(peer: number): void {
    this.told.push(`gone ${peer}`)
  }
}

function switchboardOf(...numbers: number[]): [Switchboard, ...FakeParty[]] {
  const { switchboard } = withAccounts()
  const parties = numbers.map(number => new FakeParty(number))
  for (const party of parties) {
    switchboard.join(party)
    switchboard.open(party.number)
  }
  return [switchboard, ...parties]
}

/**
 * A switchboard whose links have so much in their accounts, by their names, and of whose meetings those were ended; all
 * have met but those that are named.
 */
function withAccounts(...unmet: string[]): {
  unsettled: Map<string, number>
  ended: string[]
  refusals: LinkRefusal[]
  switchboard: Switchboard
} {
  const refusals: LinkRefusal[] = []
  const unsettled = new Map<string, number>()
  const ended: string[] = []
  const of = ({ name }: Pick<LinkEnd, 'name'>): number => unsettled.get(name) ?? 0
  const accounts: LinkAccounts = {
    unsettled: of,
    writeOff: (end, messages) => void unsettled.set(end.name, of(end) - messages),
    refuseLink: () => refusals.shift(),
    noteLink: () => undefined,
    haveMet: ({ name }) => !unmet.includes(name),
    endMeeting: ({ name }) => void ended.push(name),
  }
  return { unsettled, ended, refusals, switchboard: new Switchboard(accounts) }
}

describe('Switchboard', () => {
  test('request() links two hosts, with the two ends of one link', () => {
    const [switchboard, a, b] = switchboardOf(1, 2) as [Switchboard, FakeParty, FakeParty]

    switchboard.request(1, 2)

    expect([a.told, b.told]).toEqual([['linked 2'], ['linked 1']])
    const [[endOfA], [endOfB]] = [a.ends, b.ends] as [[LinkEnd], [LinkEnd]]
    expect([endOfA.endpoint, endOfA.incarnation, endOfA.ledgers]).toEqual([
      endOfB.endpoint,
      endOfB.incarnation,
      endOfB.ledgers,
    ])
    expect(new Set([endOfA.role, endOfB.role])).toEqual(new Set(['bind', 'connect']))
    expect([endOfA.peerWords, endOfB.peerWords]).toEqual([b.words, a.words])
  })

  test('links two hosts once when both ask', () => {
    const [switchboard, a, b] = switchboardOf(1, 2) as [Switchboard, FakeParty, FakeParty]

    switchboard.request(1, 2)
    switchboard.request(2, 1)
    switchboard.request(1, 2)

    expect([a.told, b.told]).toEqual([['linked 2'], ['linked 1']])
  })

  test('links a host that has waited when the other opens, also when both have', () => {
    const [switchboard, a] = switchboardOf(1) as [Switchboard, FakeParty]
    const b = new FakeParty(2)
    switchboard.request(1, 2)
    switchboard.join(b)
    expect(a.told).toEqual([])

    switchboard.open(2)

    expect([a.told, b.told]).toEqual([['linked 2'], ['linked 1']])
  })

  test('lets a host that is not open yet ask for others', () => {
    const [switchboard, a] = switchboardOf(1) as [Switchboard, FakeParty]
    const b = new FakeParty(2)
    switchboard.join(b)
    switchboard.request(1, 2)

    switchboard.request(2, 1)
    switchboard.open(2)

    expect([a.told, b.told]).toEqual([['linked 2'], ['linked 1']])
  })

  test('introduce() links a host before it is open, once', () => {
    const [switchboard, a] = switchboardOf(0) as [Switchboard, FakeParty]
    const b = new FakeParty(1)
    switchboard.join(b)

    switchboard.introduce(0, 1)
    switchboard.introduce(0, 1)
    switchboard.open(1)

    expect([a.told, b.told]).toEqual([['linked 1'], ['linked 0']])
  })

  test('leave() tells the hosts that were linked, and no others', () => {
    const [switchboard, a, , c] = switchboardOf(1, 2, 3) as [Switchboard, FakeParty, FakeParty, FakeParty]
    switchboard.request(1, 2)

    switchboard.leave(2, down)

    expect([a.told, c.told]).toEqual([['linked 2', 'down 2'], []])
  })

  test('closeAccounts() counts what is on links that both sides have left, unless that was settled', () => {
    const { unsettled, switchboard } = withAccounts()
    for (const number of [1, 2, 3]) {
      switchboard.join(new FakeParty(number))
      switchboard.open(number)
    }
    for (const [from, to] of [
      [1, 2],
      [3, 1],
      [2, 3],
    ] as const)
      switchboard.request(from, to)
    for (const [name, messages] of [
      ['1-2', 5],
      ['3-1', 7],
      ['2-3', 11],
    ] as const)
      unsettled.set(name, messages)

    const lost = [switchboard.closeAccounts(switchboard.leave(1, down))]
    unsettled.set('3-1', 0)
    lost.push(
      switchboard.closeAccounts(switchboard.leave(2, down)),
      switchboard.closeAccounts(switchboard.leave(3, down)),
    )

    expect(lost).toEqual([0, 5, 11])
  })

  test('settled() takes off what the side that is left has found lost, also after that has left too', () => {
    const { unsettled, switchboard } = withAccounts()
    const parties = [1, 2].map(number => new FakeParty(number)) as [FakeParty, FakeParty]
    for (const party of parties) {
      switchboard.join(party)
      switchboard.open(party.number)
    }
    switchboard.request(1, 2)
    const [{ incarnation: link }] = parties[0].ends as [LinkEnd]
    unsettled.set('1-2', 10)

    switchboard.leave(1, down)
    switchboard.settled(link, 3)
    const orphaned = switchboard.leave(2, down)
    switchboard.join(new FakeParty(2))
    switchboard.settled(link, 5)

    expect([orphaned, switchboard.closeAccounts(orphaned), switchboard.closeAccounts(orphaned)]).toEqual([[link], 2, 0])
  })

  test('closeAccounts() counts what was sent on a link after its other side had left, whichever leaves in between', () => {
    using hosts = new LinkedHosts(1, 2, 3)
    const { switchboard } = hosts
    for (const other of [1, 3]) switchboard.request(2, other)

    switchboard.leave(1, down)
    // Nothing was on the link to 1 yet, and 2 has not heard of its end.
    switchboard.leave(3, down)
    hosts.post(2, 1, 5)
    hosts.post(2, 3, 7)

    expect(switchboard.closeAccounts(switchboard.leave(2, down))).toBe(12)
  })

  test('endedLinks() has all messages of links that are over, and the accounts of others that one side has left', () => {
    using hosts = new LinkedHosts(1, 2, 3)
    const { switchboard } = hosts
    for (const other of [1, 3]) switchboard.request(2, other)
    hosts.post(2, 1, 5)
    hosts.post(2, 3, 7)
    const ended = [switchboard.endedLinks()]

    switchboard.leave(1, down)
    ended.push(switchboard.endedLinks())
    switchboard.leave(3, down)
    switchboard.closeAccounts(switchboard.leave(2, down))
    ended.push(switchboard.endedLinks())

    expect(ended.map(({ closed, open }) => [closed, open.length])).toEqual([
      [NO_MESSAGES, 0],
      [NO_MESSAGES, 1],
      [{ sent: 12, handled: 0, givenBack: 0, lost: 12 }, 0],
    ])
  })

  test('closeAccounts() counts what was sent before the link to who had left was opened', () => {
    using hosts = new LinkedHosts(1, 2, 3)
    const { switchboard } = hosts
    hosts.areSlow = true
    for (const other of [1, 3]) switchboard.request(2, other)
    hosts.post(2, 1, 5)

    switchboard.leave(1, down)
    switchboard.leave(3, down)
    const held = hosts.openLate()

    expect([held, switchboard.closeAccounts(switchboard.leave(2, down))]).toEqual([5, 5])
  })

  test('settled() ends what is known of a link when all that had arrived on it was handled, and not before', () => {
    using hosts = new LinkedHosts(1, 2, 3)
    const { switchboard } = hosts
    for (const other of [1, 3]) switchboard.request(2, other)
    hosts.post(1, 2, 4)

    switchboard.leave(1, down)
    switchboard.settled(hosts.linkOf(2, 1), 3)
    switchboard.leave(3, down)

    // One had arrived, and was not handled.
    expect(switchboard.closeAccounts(switchboard.leave(2, down))).toBe(1)
  })

  test('the sums match, whichever leaves when, and however much of it has been settled', async () => {
    const host = fc.integer({ min: 1, max: 4 })
    const step = fc.record({
      do: fc.constantFrom('request', 'open', 'open', 'post', 'post', 'settle', 'leave', 'leave'),
      from: host,
      to: host,
      messages: fc.nat(9),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
        using hosts = new LinkedHosts(1, 2, 3, 4)
        hosts.areSlow = true
        for (const [from, to] of [
          [1, 2],
          [1, 3],
          [2, 3],
          [2, 4],
          [3, 4],
        ] as const)
          hosts.switchboard.request(from, to)
        let [posted, given, lost] = [0, 0, 0]

        const leave = (number: number): void => {
          lost += hosts.heldBy(number)
          lost += hosts.switchboard.closeAccounts(hosts.switchboard.leave(number, down))
          hosts.bury(number)
        }
        for (const { do: what, from, to, messages } of steps) {
          if (!hosts.lives(from) || (from === to && what !== 'leave')) continue
          if (what === 'request') hosts.switchboard.request(from, to)
          else if (what === 'open') hosts.openLate(from)
          else if (what === 'post') posted += hosts.post(from, to, messages)
          else if (what === 'settle')
            [given, lost] = hosts
              .settle(from)
              .reduce(([g, l], settled) => [g + settled.given, l + settled.lost], [given, lost] as [number, number])
          else leave(from)
        }
        for (const number of [1, 2, 3, 4]) {
          hosts.openLate(number)
          if (hosts.lives(number)) leave(number)
        }

        expect(given + lost).toBe(posted)
        // The sockets of one run are closed before those of the next are opened.
        await new Promise<void>(resolve => setImmediate(resolve))
      }),
      { numRuns: 60 },
    )
  })

  test('closeAccounts() ends the meeting of two sides that have both gone, also when nothing else of their link is left', () => {
    const { ended, switchboard } = withAccounts('1-2')
    for (const number of [1, 2, 3]) {
      switchboard.join(new FakeParty(number))
      switchboard.open(number)
    }
    switchboard.request(1, 2)
    switchboard.request(3, 1)

    switchboard.closeAccounts(switchboard.leave(2, down))
    // Host 1 gets the order, and may never carry it out; of those before it nothing else is left.
    switchboard.closeAccounts(switchboard.leave(3, down))
    expect(ended).toEqual([])

    switchboard.closeAccounts(switchboard.leave(1, down))
    expect(ended).toContain('1-2')
  })

  test('request() says when no link can be made, and a second request may be linked', () => {
    const { refusals, switchboard } = withAccounts()
    const [a, b] = [new FakeParty(1), new FakeParty(2)]
    for (const party of [a, b]) {
      switchboard.join(party)
      switchboard.open(party.number)
    }
    refusals.push({ problem: 'too many' })

    switchboard.request(1, 2)
    switchboard.request(1, 2)

    expect([a.told, b.told]).toEqual([['severed 2 0', 'linked 2'], ['linked 1']])
  })

  test('sever() tells the other side, once, and a second request is linked anew', () => {
    const [switchboard, a, b] = switchboardOf(1, 2) as [Switchboard, FakeParty, FakeParty]
    switchboard.request(1, 2)
    const [{ incarnation: link }] = a.ends as [LinkEnd]

    switchboard.sever(1, 2, link, { problem: 'too many' })
    // Its own side could not be opened either.
    switchboard.sever(2, 1, link, { problem: 'too many' })
    switchboard.request(2, 1)

    expect([a.told, b.told]).toEqual([
      ['linked 2', 'linked 2'],
      ['linked 1', `severed 1 ${link}`, 'linked 1'],
    ])
    expect(a.ends.map(({ endpoint }) => endpoint)).toHaveLength(new Set(a.ends.map(({ endpoint }) => endpoint)).size)
  })

  test('closeAccounts() counts what a host had on a link that was severed, and had not given back', () => {
    const { unsettled, ended, switchboard } = withAccounts('1-2')
    for (const number of [1, 2]) {
      switchboard.join(new FakeParty(number))
      switchboard.open(number)
    }
    switchboard.request(1, 2)
    switchboard.sever(1, 2, 1, { problem: 'too many' })
    unsettled.set('1-2', 3)

    expect(switchboard.closeAccounts(switchboard.leave(1, down))).toBe(0)
    expect(switchboard.closeAccounts(switchboard.leave(2, down))).toBe(3)
    expect(ended).toEqual(['1-2'])
  })

  test('leave() tells what is known of a side in another process: by its node, and by its own memory where it was in this one', () => {
    const told: PeerDown[] = []
    const elsewhere = {
      endpoint: 'ipc:///tmp/node',
      doorKey: undefined,
      admit: () => undefined,
      dismiss: () => undefined,
    } as const
    const partyOf = (number: number): Party => ({
      number,
      words: new SharedArrayBuffer(0),
      elsewhere: number > 1 ? elsewhere : undefined,
      linked: () => undefined,
      admitted: () => undefined,
      severed: () => undefined,
      down: (_peer, peerDown) => void told.push(peerDown),
      gone: () => undefined,
    })
    const { switchboard } = withAccounts()
    for (const number of [1, 2, 3]) {
      switchboard.join(partyOf(number))
      switchboard.open(number)
    }
    for (const [from, to] of [
      [1, 2],
      [1, 3],
      [2, 3],
    ] as const)
      switchboard.request(from, to)
    const account = { accepted: 7, received: 1, unbegun: [], begun: [3], refused: [] }

    switchboard.leave(2, down, new Map([[1, account]]))
    switchboard.leave(1, down)

    expect(told.map(({ account: known }) => known)).toEqual([
      account,
      undefined,
      { accepted: 0, received: 0, unbegun: [], begun: [], refused: [] },
    ])
  })

  test('links anew to the next incarnation, by a link of its own', () => {
    const [switchboard, a] = switchboardOf(1, 2) as [Switchboard, FakeParty]
    switchboard.request(1, 2)
    switchboard.leave(2, down)
    switchboard.request(1, 2)
    const next = new FakeParty(2)

    switchboard.join(next)
    switchboard.open(2)

    expect(a.told).toEqual(['linked 2', 'down 2', 'linked 2'])
    expect(next.told).toEqual(['linked 1'])
    expect(a.ends[0]?.endpoint).not.toBe(a.ends[1]?.endpoint)
  })

  test('retire() tells hosts that wait, and later requests', () => {
    const [switchboard, a, b] = switchboardOf(1, 2) as [Switchboard, FakeParty, FakeParty]
    switchboard.request(1, 3)

    switchboard.retire(3)
    switchboard.request(2, 3)

    expect([a.told, b.told]).toEqual([['gone 3'], ['gone 3']])
  })

  test('hears nothing from a host that has left', () => {
    const [switchboard, , b] = switchboardOf(1, 2) as [Switchboard, FakeParty, FakeParty]
    switchboard.leave(1, down)

    switchboard.request(1, 2)
    switchboard.open(1)

    expect(b.told).toEqual([])
  })

  test('whatever happens in whichever order, no host waits for one that is there or gone, and links come in pairs', () => {
    const host = fc.integer({ min: 1, max: 4 })
    const step = fc.record({
      do: fc.constantFrom('join', 'open', 'leave', 'retire', 'request', 'request'),
      from: host,
      to: host,
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const { switchboard } = withAccounts()
        const alive = new Map<number, FakeParty>()
        const open = new Set<number>()
        const retired = new Set<number>()
        /** Which hosts are linked, by their orders. */
        const links = new Set<string>()
        const asked = new Set<string>()
        const key = (from: number, to: number): string => `${from}>${to}`
        const read = (): void => {
          for (const [from, party] of alive) {
            for (const line of party.told.splice(0)) {
              const [word, peer] = line.split(' ')
              const pair = key(from, Number(peer))
              if (word === 'linked') expect(links.has(pair)).toBe(false)
              if (word === 'linked') links.add(pair)
              if (word === 'down') expect(links.delete(pair)).toBe(true)
              asked.delete(pair)
            }
          }
        }

        for (const { do: what, from, to } of steps) {
          if (what === 'join' && !alive.has(from) && !retired.has(from)) {
            const party = new FakeParty(from)
            alive.set(from, party)
            switchboard.join(party)
          } else if (what === 'open' && alive.has(from)) {
            open.add(from)
            switchboard.open(from)
          } else if (what === 'leave' && alive.delete(from)) {
            open.delete(from)
            for (const pair of [...links, ...asked])
              if (pair.startsWith(`${from}>`)) void (links.delete(pair), asked.delete(pair))
            switchboard.leave(from, down)
          } else if (what === 'retire' && !alive.has(from)) {
            retired.add(from)
            switchboard.retire(from)
          } else if (what === 'request' && from !== to && alive.has(from)) {
            if (!links.has(key(from, to))) asked.add(key(from, to))
            switchboard.request(from, to)
          }
          read()
          for (const pair of links) expect(links.has(pair.split('>').toReversed().join('>'))).toBe(true)
          const waitedFor = [...asked].map(pair => Number(pair.split('>')[1]))
          for (const number of waitedFor) expect(open.has(number) || retired.has(number)).toBe(false)
        }
      }),
    )
  })
})
