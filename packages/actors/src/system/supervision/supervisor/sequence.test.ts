import { expect, test } from 'vitest'
import { Sequence } from './sequence.js'

test('Sequence.run() does one thing after the other, also behind one that fails', async () => {
  const sequence = new Sequence()
  const done: number[] = []
  let letGo: () => void = () => undefined

  const first = sequence.run(async () => {
    await new Promise<void>(resolve => (letGo = resolve))
    done.push(1)
    throw new Error('no')
  })
  const second = sequence.run(async () => done.push(2))
  await Promise.resolve()
  letGo()

  await expect(first).rejects.toThrow('no')
  expect(await second).toBe(2)
  expect(done).toEqual([1, 2])
})
