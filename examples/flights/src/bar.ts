const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** Draws a bar `length` cells long, to an eighth of a cell, in a field `width` cells wide, from its left edge on. */
export function drawBar(length: number, width: number): string {
  const eighths = Math.round(fit(length, width) * 8)
  return ('█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!).padEnd(width)
}

/** Draws a bar that grows from the right edge to the left, to half a cell: Unicode has no right-aligned eighths. */
export function drawBarLeftwards(length: number, width: number): string {
  const halves = Math.round(fit(length, width) * 2)
  return ((halves % 2 === 1 ? '▐' : '') + '█'.repeat(Math.floor(halves / 2))).padStart(width)
}

function fit(length: number, width: number): number {
  return Math.min(Math.max(length, 0), width)
}
