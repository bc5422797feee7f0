import { Dealer, Proxy, Pull, Push, Router, XPublisher, XSubscriber } from 'zeromq'
import { ANY, DEVICES, type DeviceName } from './places.js'

// zeromq.js's own proxy, in a process of its own, since it holds a thread of libuv's pool for its whole life, and any death of its thread aborts the process.

// Publications wait without end, so that all of them arrive.
const OPEN = {
  ROUTER: () => new Router(),
  DEALER: () => new Dealer(),
  PULL: () => new Pull(),
  PUSH: () => new Push(),
  XSUB: () => new XSubscriber({ receiveHighWaterMark: 0 }),
  XPUB: () => new XPublisher({ sendHighWaterMark: 0 }),
}

const [frontendType, backendType] = DEVICES[process.argv[2] as DeviceName]
const [frontend, backend] = [OPEN[frontendType](), OPEN[backendType]()]
frontend.bindSync(ANY)
backend.bindSync(ANY)
process.send?.({ frontend: frontend.lastEndpoint, backend: backend.lastEndpoint })
await new Proxy(frontend, backend).run()
