import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MATRICES } from './matrices/index.js'
import { openRelease, type Outside, type Release } from './outside.js'

const INSTALL_MS = 600_000

let release: Release
beforeAll(async () => void (release = await openRelease()), INSTALL_MS)
afterAll(() => release[Symbol.asyncDispose]())

describe.each(MATRICES.filter(({ cells }) => cells.some(({ isShort }) => isShort)))('outside: $title', matrix => {
  let outside: Outside
  beforeAll(async () => void (outside = await release.outside(matrix.name)), INSTALL_MS)

  test.each(matrix.cells.filter(({ isShort }) => isShort))(
    '$row, $column',
    async cell => expect(await cell.run(outside)).not.toBe(''),
    INSTALL_MS,
  )
})
