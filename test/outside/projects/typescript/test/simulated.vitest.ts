import { startSystem } from '@zera/actors'
import { expect, test } from 'vitest'
import { simulated } from '../src/program.ts'

test('simulated', simulated, 240_000)

test('startSystem says where to run', async () => {
  await expect(startSystem()).rejects.toThrow(/pool: 'forks'/)
})
