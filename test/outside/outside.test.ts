import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MATRICES } from './matrices/index.js'
import { openOutside, type Outside } from './outside.js'

const INSTALL_MS = 600_000

describe.each(MATRICES.filter(({ cells }) => cells.some(({ isShort }) => isShort)))('outside: $title', matrix => {
  let outside: Outside
  beforeAll(async () => void (outside = await openOutside(matrix.name)), INSTALL_MS)
  afterAll(() => outside[Symbol.asyncDispose]())

  test.each(matrix.cells.filter(({ isShort }) => isShort))(
    '$row, $column',
    async cell => expect(await cell.run(outside)).not.toBe(''),
    INSTALL_MS,
  )
})
