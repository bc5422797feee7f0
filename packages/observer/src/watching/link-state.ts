import type { LinkAccount } from '@zera/actors/internal'
import { readLedgers } from '@zera/core/internal'
import type { LinkState } from '../model/state.js'

/** The two directions of a link, as its account is now. */
export function linksOf({ binds, connects, ledgers }: LinkAccount): LinkState[] {
  const [ofBind, ofConnect] = readLedgers(ledgers)
  return [
    { from: binds, to: connects, messages: ofBind.unsettled, isStalled: ofBind.isStalled },
    { from: connects, to: binds, messages: ofConnect.unsettled, isStalled: ofConnect.isStalled },
  ]
}
