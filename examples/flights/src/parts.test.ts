import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listParts, PARTS_PER_ROW_GROUP } from './parts.js'

describe('listParts()', () => {
  test('divides each row group by itself', () => {
    const parts = listParts([
      { index: 0, firstRow: 0, rowCount: 10 },
      { index: 1, firstRow: 10, rowCount: 8 },
    ])

    expect(parts.map(({ index, rowGroup, firstRow, rowCount }) => [index, rowGroup, firstRow, rowCount])).toEqual([
      [0, 0, 0, 2],
      [1, 0, 2, 3],
      [2, 0, 5, 2],
      [3, 0, 7, 3],
      [4, 1, 10, 2],
      [5, 1, 12, 2],
      [6, 1, 14, 2],
      [7, 1, 16, 2],
    ])
  })

  test('leaves out no row and has none twice, however many there are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { maxLength: 12 }), rowCounts => {
        let rows = 0
        const rowGroups = rowCounts.map((rowCount, index) => ({
          index,
          firstRow: (rows += rowCount) - rowCount,
          rowCount,
        }))

        let nextRow = 0
        for (const [index, part] of listParts(rowGroups).entries()) {
          expect(part).toMatchObject({ index, rowGroup: Math.floor(index / PARTS_PER_ROW_GROUP), firstRow: nextRow })
          nextRow += part.rowCount
        }
        expect(nextRow).toBe(rows)
      }),
    )
  })
})
