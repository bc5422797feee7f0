const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A whole number with separators between the thousands: "3,000,000". */
export function formatCount(count: number): string {
  return counts.format(count)
}

/** A time in seconds: "2.4 s". */
export function formatSeconds(ms: number, decimals = 1): string {
  return `${(ms / 1000).toFixed(decimals)} s`
}

/** How many there are of something whose plural ends in s: "1 thread", "4 threads". */
export function formatAmount(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** A number of minutes, with a sign: "+12.3 min", "-3.8 min", "0.0 min". */
export function formatMinutes(minutes: number, decimals = 1): string {
  const text = Math.abs(minutes).toFixed(decimals)
  const sign = Number(text) === 0 ? '' : minutes < 0 ? '-' : '+'
  return `${sign}${text} min`
}

/** Lines without spaces at their ends, of which what does not fit into the columns is cut off. */
export function fitLines(lines: readonly string[], columns: number): string {
  return lines
    .map(line => line.trimEnd())
    .map(line => (line.length <= columns ? line : `${line.slice(0, columns - 1)}…`))
    .join('\n')
}
