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

test('Sequence.begin() does something at once when nothing is being done, and what is asked for meanwhile after it', async () => {
  const sequence = new Sequence()
  const done: string[] = []
  let letGo: () => void = () => undefined

  const atOnce = sequence.begin(() => done.push('at once'))
  const first = sequence.begin(async () => {
    void sequence.run(() => done.push('asked by the first'))
    await new Promise<void>(resolve => (letGo = resolve))
    done.push('first')
  })
  const second = sequence.begin(() => done.push('second'))
  await Promise.resolve()
  letGo()
  await second

  expect(atOnce).toBe(1)
  expect(() =>
    new Sequence().begin(() => {
      throw new RangeError('no')
    }),
  ).toThrow(RangeError)
  await first
  expect(done).toEqual(['at once', 'asked by the first', 'first', 'second'])
})
