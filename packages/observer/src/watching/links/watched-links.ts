import type { EndedLinks, LinkAccount } from '@zera/actors/internal'
import { readLedgers, sumOfAccounts, underWay, type MessageAccount } from '@zera/core/internal'
import type { LinkState, MessageLedger } from '../../model/state.js'
import { MessageAges } from './message-ages.js'

/** The links between the threads of this process, as their accounts show them. */
export class WatchedLinks {
  /** How old messages are, by sender and receiver. */
  #ages = new Map<string, MessageAges>()

  look(
    { links, endedLinks }: { readonly links: readonly LinkAccount[]; readonly endedLinks: EndedLinks },
    atMs: number,
  ): { readonly links: readonly LinkState[]; readonly ledger: MessageLedger } {
    const ages = this.#ages
    this.#ages = new Map()
    return {
      links: links.flatMap(link => this.#directionsOf(link, ages, atMs)),
      ledger: ledgerOf(
        endedLinks.closed,
        [...links.map(({ ledgers }) => ledgers), ...endedLinks.open].map(ledgers =>
          sumOfAccounts(readLedgers(ledgers)),
        ),
      ),
    }
  }

  #directionsOf(
    { binds, connects, ledgers }: LinkAccount,
    known: ReadonlyMap<string, MessageAges>,
    atMs: number,
  ): LinkState[] {
    return readLedgers(ledgers).map((account, at) => {
      const [from, to] = at === 0 ? [binds, connects] : [connects, binds]
      const ages = known.get(`${from} ${to}`) ?? new MessageAges()
      this.#ages.set(`${from} ${to}`, ages)
      const messages = underWay(account)
      const oldestMs = ages.look(account.sent, account.sent - messages, atMs)
      return { from, to, messages, oldestMs, isStalled: account.isStalled }
    })
  }
}

/** The sum of all. On a link that is closed nothing is under way, and nowhere is it less than nothing. */
export function ledgerOf(closed: MessageAccount, open: readonly MessageAccount[]): MessageLedger {
  const sum = sumOfAccounts([closed, ...open])
  const onTheirWay = open.reduce((all, account) => all + Math.max(0, underWay(account)), 0)
  return { ...sum, underWay: onTheirWay, missing: underWay(sum) - onTheirWay }
}
