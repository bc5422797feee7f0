/** A duration, from nanoseconds to days. */
export function duration(ms: number): string {
  if (ms === 0) return '0'
  if (ms < 0.001) return `${(ms * 1e6).toFixed(0)} ns`
  if (ms < 1) return `${precise(ms * 1000)} µs`
  if (ms < 1000) return `${precise(ms)} ms`
  if (ms < 60_000) return `${precise(ms / 1000)} s`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`
  return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`
}

/** A number that a person can read: 1.2 M. */
export function amount(value: number): string {
  for (const [unit, name] of [
    [1e9, ' G'],
    [1e6, ' M'],
    [1e4, ' k'],
  ] as const)
    if (value >= unit) return `${precise(value / (name === ' k' ? 1000 : unit))}${name}`
  return Number.isInteger(value) ? String(value) : precise(value)
}

/** Bytes, as MiB. */
export function bytes(value: number): string {
  return `${precise(value / 1024 ** 2)} MiB`
}

/** The time of a day. */
export function timeOf(atMs: number): string {
  return new Date(atMs).toLocaleTimeString('en-GB')
}

function precise(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
