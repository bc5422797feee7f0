import { createLinkEnds, words } from '@zera/core/internal'
import { expect, test } from 'vitest'
import { describeLinks, type AnyPair, type Side } from '../../../../core/dist/fixtures/links/link-contract.js'
import { Inbox } from '../../../../core/dist/fixtures/links/link-inbox.js'
import { SimulatedNetwork } from './simulated-network.js'

describeLinks([{ name: 'SimulatedLink', createPair: async () => simulatedPair() }])

test('SimulatedLink.open() plugs nothing in when the link was closed', () => {
  const link = new SimulatedNetwork().join().createLink('closed', new Inbox())
  const [end, other] = createLinkEnds('pair', 1, words.memory, words.memory)
  link.close()

  link.open(end)
  other.handover.close()

  expect(link.isOpen).toBe(false)
})

/** Two sides on two hosts of one simulated network. */
function simulatedPair(): AnyPair {
  const network = new SimulatedNetwork()
  const [bind, connect] = createLinkEnds('pair', 1, words.memory, words.memory).map((end): Side => {
    const [inbox, place] = [new Inbox(), network.join()]
    const link = place.createLink('pair', inbox)
    return {
      link,
      inbox,
      open: () => link.open(end),
      held: () => place.held,
      unsettled: () => link.outbox.unsettled,
      takeRemains: async () => {
        await link.drained()
        return link.takeRemains()
      },
    }
  }) as [Side, Side]
  return {
    bind,
    connect,
    [Symbol.asyncDispose]: async () => {
      bind.link.close()
      connect.link.close()
    },
  }
}
