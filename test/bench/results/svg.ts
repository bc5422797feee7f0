// What all panels of the chart have in common, in pixels.
export const PANEL_WIDTH = 560
export const TITLE_HEIGHT = 30
export const LINE_HEIGHT = 16
export const MARGIN = 16

/** The heading of a panel. */
export function renderTitle(title: string, left: number, top: number): string {
  return `<text x="${left}" y="${top + 16}" font-weight="bold" fill="#222222">${escapeXml(title)}</text>`
}

/** The label of a line, which ends where what it labels begins. */
export function renderLabel(label: string, right: number, y: number): string {
  return `<text x="${right - 6}" y="${y + 11}" text-anchor="end" fill="#222222">${escapeXml(label)}</text>`
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
