import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { describe, expect, test } from 'vitest'
import { findFlightsFile, openFlightsFile } from './flights-file.js'

describe('openFlightsFile()', () => {
  test('lists row groups that cover the three million rows without a gap', async () => {
    const file = await openFlightsFile()

    let nextRow = 0
    for (const [index, rowGroup] of file.rowGroups.entries()) {
      expect(rowGroup).toMatchObject({ index, firstRow: nextRow })
      nextRow += rowGroup.rowCount
    }
    expect(file.rowGroups).toHaveLength(11)
    expect(file.rowCount).toBe(3_000_000)
    expect(nextRow).toBe(3_000_000)
  })

  test('rejects when there is no such file', async () => {
    await expect(openFlightsFile(`${findFlightsFile()}.missing`)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('FlightsFile.readRowGroup()', () => {
  test('gives what hyparquet gives row by row', async () => {
    const file = await openFlightsFile()
    const lastGroup = file.rowGroups.at(-1)!

    const rows = await file.readRowGroup(lastGroup.index)

    const expected = await parquetReadObjects({
      file: await asyncBufferFromFile(findFlightsFile()),
      compressors,
      rowStart: lastGroup.firstRow,
      rowEnd: lastGroup.firstRow + lastGroup.rowCount,
    })
    expect(rows.firstRow).toBe(lastGroup.firstRow)
    expect(rows.delayOf).toHaveLength(lastGroup.rowCount)
    const differing = expected.findIndex(
      (row, i) =>
        row['origin'] !== rows.airports[rows.originOf[i]!] ||
        row['destination'] !== rows.airports[rows.destinationOf[i]!] ||
        Number(row['distance']) !== rows.distanceOf[i] ||
        new Date(row['date']).getUTCHours() !== rows.hourOf[i] ||
        Number(row['delay']) !== rows.delayOf[i],
    )
    expect(differing).toBe(-1)
  })

  test.each([-1, 11, 0.5, Number.NaN])('refuses row group %d', async index => {
    const file = await openFlightsFile()

    await expect(file.readRowGroup(index)).rejects.toBeInstanceOf(RangeError)
  })
})
