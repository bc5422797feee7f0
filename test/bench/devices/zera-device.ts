import { startForwarder, startQueue, startStreamer, type Device } from '@zera/devices'
import { ANY, type DeviceName } from './places.js'

// A device of Zera in a process of its own, as the native proxy has one.

const START: Readonly<Record<DeviceName, () => Promise<Device>>> = {
  queue: () => startQueue({ frontend: ANY, backend: ANY }),
  streamer: () => startStreamer({ frontend: ANY, backend: ANY }),
  // Publications wait without end, so that all of them arrive.
  forwarder: () =>
    startForwarder({
      frontend: { bind: ANY, options: { receiveHighWaterMark: 0 } },
      backend: { bind: ANY, options: { sendHighWaterMark: 0 } },
    }),
}
const { endpoints } = await START[process.argv[2] as DeviceName]()
process.send?.({ frontend: endpoints.frontend[0], backend: endpoints.backend[0] })
