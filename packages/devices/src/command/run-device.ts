import { isLocal } from '@zera/core/internal'
import type { Device } from '../base/device.js'
import type { DeviceArguments } from './device-arguments.js'
import { exposureOf } from './server-arguments.js'
import { statisticsLine } from './statistics-line.js'
import type { Running } from './subcommand.js'

/** A device as the command runs it, by the arguments that it was started with. */
export async function runDevice(
  name: string,
  device: Device,
  args: Pick<DeviceArguments<never>, 'frontend' | 'backend' | 'capture' | 'curve'>,
): Promise<Running> {
  const { frontend, backend, capture } = device.endpoints
  const sides = [args.frontend, args.backend, args.capture]
  const listens = exposureOf(
    sides.flatMap(side => side?.bind ?? []),
    args.curve,
  )
  const connects = sides.flatMap(side => side?.connect ?? []).some(endpoint => !isLocal(endpoint))
    ? 'unencrypted where it connects to other machines'
    : undefined
  let before = await device.statistics()
  return {
    service: device,
    title: `${name}: ${frontend.join(', ')} to ${backend.join(', ')}${capture.length === 0 ? '' : `, captured at ${capture.join(', ')}`}`,
    exposure: [listens, connects].filter(part => part !== undefined).join(', ') || undefined,
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
