import type { DeviceStatistics } from '../base/device.js'

/**
 * Writes what a device has done between two looks: messages and bytes a second each way, what it dropped in all, and
 * which peers are there.
 */
export function statisticsLine(before: DeviceStatistics, now: DeviceStatistics, elapsedMs: number): string {
  const lane = (way: 'toBackend' | 'toFrontend'): string => {
    const messages = ((now[way].messages - before[way].messages) * 1000) / elapsedMs
    const bytes = ((now[way].bytes - before[way].bytes) * 1000) / elapsedMs
    return `${Math.round(messages)} msg/s, ${size(bytes)}/s`
  }
  const dropped = now.toBackend.dropped + now.toFrontend.dropped
  return [
    now.isPaused ? 'paused' : undefined,
    `to backend ${lane('toBackend')}`,
    `to frontend ${lane('toFrontend')}`,
    `dropped ${dropped}`,
    `peers ${now.peers.frontend} + ${now.peers.backend}`,
  ]
    .filter(part => part !== undefined)
    .join(' | ')
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const

function size(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${UNITS[unit]}`
}
