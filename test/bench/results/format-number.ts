const MOST_DIGITS = 6

/** A number as one reads it: three digits that count, and thousands apart. */
export function formatNumber(number: number): string {
  if (!Number.isFinite(number)) return String(number)
  if (number === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(number))))
  const rounded = Math.abs(number) >= 1000 ? Number(number.toPrecision(4)) : number
  const fractionDigits = Math.min(digits, MOST_DIGITS)
  return rounded.toLocaleString('en-US', {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  })
}
