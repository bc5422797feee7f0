import type { Device } from '../device.js'
import { statisticsLine } from './statistics-line.js'
import type { Running } from './subcommand.js'

/** A device as the command runs it. */
export async function runDevice(name: string, device: Device): Promise<Running> {
  const { frontend, backend, capture } = device.endpoints
  let before = await device.statistics()
  return {
    service: device,
    title: `${name}: ${frontend.join(', ')} to ${backend.join(', ')}${capture.length === 0 ? '' : `, captured at ${capture.join(', ')}`}`,
    line: async elapsedMs => {
      const now = await device.statistics()
      const line = statisticsLine(before, now, elapsedMs)
      before = now
      return line
    },
    pause: () => device.pause(),
    resume: () => device.resume(),
  }
}
