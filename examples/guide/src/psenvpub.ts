import { openSocket, Poller, signalSource, Ticker } from '@zera/core'
import { endpoint, type Role } from './stage.js'

/** Publishes in envelopes: a frame with the key, which subscriptions are matched with, and a frame with the data. */
export default async function psenvpub(role: Role): Promise<void> {
  await using publisher = await openSocket('PUB')
  await publisher.bind(endpoint(role, 5563))
  role.ready()

  using ticker = new Ticker(10)
  for await (const source of new Poller().add(ticker).add(signalSource(role.stopping))) {
    if (source !== ticker) return
    ticker.take()
    await publisher.send(['A', 'B is in the data here, which no prefix matches'])
    await publisher.send(['B', 'for subscribers of B'])
  }
}
