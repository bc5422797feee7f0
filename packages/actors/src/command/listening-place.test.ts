import { UsageError } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { findPlace } from './listening-place.js'

describe('findPlace() on Windows', () => {
  test.each([undefined, 'ipc:///tmp/node'])('has no place at %s', async listen => {
    await expect(findPlace(listen, true, 'win32')).rejects.toBeInstanceOf(UsageError)
  })

  test('is a port', async () => {
    using place = await findPlace('tcp://127.0.0.1:*', true, 'win32')

    expect(place.endpoint).toBe('tcp://127.0.0.1:*')
  })
})
