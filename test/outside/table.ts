/** One result in a table. */
export interface Entry {
  readonly row: string
  readonly column: string
  readonly text: string
}

/** A table in Markdown: rows and columns in the order in which they come, and a dash where nothing was run. */
export function renderTable(title: string, entries: readonly Entry[]): string {
  const columns = [...new Set(entries.map(({ column }) => column))]
  const rows = [...new Set(entries.map(({ row }) => row))]
  const textOf = (row: string, column: string): string =>
    entries.find(entry => entry.row === row && entry.column === column)?.text ?? '–'
  const lines = [
    ['', ...columns],
    ['---', ...columns.map(() => '---')],
    ...rows.map(row => [row, ...columns.map(column => textOf(row, column))]),
  ]
  return [`## ${title}`, '', ...lines.map(cells => `| ${cells.map(escaped).join(' | ')} |`)].join('\n')
}

function escaped(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')
}
