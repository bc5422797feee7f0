import { openSocket, Poller, signalSource, Ticker } from '@zera/core'
import { endpoint, type Role } from './stage.js'
import { NEW_YORK, SEATTLE, weatherOf } from './weather.js'

/** Publishes the weather of two cities, a day each millisecond, over and over, whether programs listen or not. */
export default async function wuserver(role: Role): Promise<void> {
  await using publisher = await openSocket('PUB')
  await publisher.bind(endpoint(role, 5556))
  role.ready()

  const seattle = weatherOf(SEATTLE)
  const newYork = weatherOf(NEW_YORK)
  using ticker = new Ticker(1)
  let day = 0

  for await (const source of new Poller().add(ticker).add(signalSource(role.stopping))) {
    if (source !== ticker) return
    ticker.take()
    await publisher.send(seattle[day % seattle.length] as string)
    await publisher.send(newYork[day % newYork.length] as string)
    day += 1
  }
}
