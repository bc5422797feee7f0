import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ProgressState, renderProgressBar, renderProgressLine, startProgress } from './progress.js'

const half: ProgressState = { partsDone: 1, parts: 2, rowsDone: 1_000_000, rows: 2_000_000, elapsedMs: 500 }

describe('renderProgressBar()', () => {
  test('shows bar, percentage, parts, rows, rate and the time left', () => {
    expect(renderProgressBar(half, 140)).toBe(
      `${'█'.repeat(20).padEnd(40)}  50%  1 of 2 parts  1,000,000 of 2,000,000 rows  2,000,000 rows/s  0.5 s left`,
    )
  })

  test('drops details from the right on a narrow terminal', () => {
    expect(renderProgressBar(half, 40)).toMatch(/^█+▌? +50% {2}1 of 2 parts$/)
    expect(renderProgressBar(half, 12)).toMatch(/50%$/)
  })

  test('never fills the whole line', () => {
    const states = fc.record({
      partsDone: fc.nat(44),
      parts: fc.constant(44),
      rowsDone: fc.nat(3_000_000),
      rows: fc.constant(3_000_000),
      elapsedMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
    })
    fc.assert(
      fc.property(states, fc.integer({ min: 1, max: 250 }), (state, columns) => {
        expect(renderProgressBar(state, columns).length).toBeLessThan(columns)
      }),
    )
  })
})

describe('renderProgressLine()', () => {
  test('has neither rate nor time before the first row', () => {
    expect(renderProgressLine({ ...half, partsDone: 0, rowsDone: 0 })).toBe('0 of 2 parts, 0 of 2,000,000 rows')
  })

  test('says how long it took when all rows are done', () => {
    expect(renderProgressLine({ ...half, partsDone: 2, rowsDone: 2_000_000 })).toMatch(/, done in 0\.5 s$/)
  })
})

describe('startProgress()', () => {
  const file = { parts: 2, rows: 200 }

  test('writes a plain line at each tenth when the output is no terminal', () => {
    const output = recordOutput({})
    using progress = startProgress(output, file, tickingClock())

    progress.advance(100)
    progress.note('worker 1 died')
    progress.advance(100)

    expect(output.text).toBe(
      '1 of 2 parts, 100 of 200 rows, 100 rows/s, 1.0 s left\nworker 1 died\n2 of 2 parts, 200 of 200 rows, 100 rows/s, done in 2.0 s\n',
    )
  })

  test('writes no more than ten plain lines, and the last one at the end', () => {
    const output = recordOutput({})
    using progress = startProgress(output, { parts: 44, rows: 44 }, tickingClock())

    for (let part = 0; part < 44; part++) progress.advance(1)

    expect(output.writes).toHaveLength(10)
    expect(output.writes[0]).toMatch(/^5 of 44 parts/)
    expect(output.writes.at(-1)).toMatch(/^44 of 44 parts/)
  })

  test('redraws one line on a terminal and keeps notes above it', () => {
    const output = recordOutput({ isTTY: true, columns: 80 })
    using progress = startProgress(output, file, tickingClock())

    progress.advance(100)
    progress.note('worker 1 died')
    progress.advance(100)

    const screen = showScreen(output.text)
    expect(screen).toHaveLength(3)
    expect(screen[0]).toBe('worker 1 died')
    expect(screen[1]).toContain('100%  2 of 2 parts')
    expect(screen[2]).toBe('')
  })

  test('leaves the cursor shown and at the start of an empty line after every write', () => {
    const output = recordOutput({ isTTY: true, columns: 80 })
    const progress = startProgress(output, file, tickingClock())
    progress.advance(100)
    progress.note('worker 1 died')

    for (const written of output.writes) expect(written.endsWith('\n')).toBe(true)
    expect(output.text).not.toContain('\x1b[?25l')
  })

  test('shows nothing more once it is stopped', () => {
    const output = recordOutput({ isTTY: true, columns: 80 })
    const progress = startProgress(output, file, tickingClock())
    progress.stop()
    progress.stop()
    const writtenBefore = output.text

    progress.advance(100)
    progress.note('late')

    expect(output.text).toBe(`${writtenBefore}late\n`)
  })

  test('follows the width of the terminal', () => {
    const output = { ...recordOutput({ isTTY: true }), columns: 80 }
    using progress = startProgress(output, file, tickingClock())

    output.columns = 30
    progress.advance(100)

    expect(showScreen(output.writes.join(''))[0]!.length).toBeLessThan(30)
  })
})

/** A clock that is one second later each time it is read. */
function tickingClock(): () => number {
  let ms = 0
  return () => (ms += 1000) - 1000
}

function recordOutput(terminal: { isTTY?: boolean; columns?: number }) {
  const writes: string[] = []
  return {
    ...terminal,
    writes,
    write: (text: string) => writes.push(text),
    get text() {
      return writes.join('')
    },
  }
}

/** What a terminal shows after the text; it understands the one erasing sequence that progress uses. */
function showScreen(text: string): string[] {
  let lines = ['']
  for (const [erasures, part] of text.split('\r\x1b[1A\x1b[J').entries()) {
    if (erasures > 0) lines = [...lines.slice(0, -2), '']
    const [rest = '', ...newLines] = part.split('\n')
    lines[lines.length - 1] += rest
    lines.push(...newLines)
  }
  return lines
}
