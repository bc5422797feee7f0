import { ManualClock } from '@zera/core/testing'
import { expect, test } from 'vitest'
import { endTogether } from './end-together.js'

async function turn(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}

test('endTogether() has quick ones end in turn, and waits for none of the slow', async () => {
  const clock = new ManualClock()
  const log: string[] = []
  const letGo: (() => void)[] = []
  const quick = (name: string) => async (): Promise<string> => (log.push(name), name)
  const slow = (name: string) => (): Promise<string> =>
    new Promise(resolve => (log.push(name), letGo.push(() => resolve(name))))

  const ended = endTogether(clock, [quick('a'), slow('b'), slow('c'), quick('d')])
  await turn()
  expect(log).toEqual(['a', 'b'])
  clock.advance(50)
  await turn()
  expect(log).toEqual(['a', 'b', 'c', 'd'])
  for (const go of letGo) go()

  expect(await ended).toEqual(['a', 'b', 'c', 'd'])
  expect([await endTogether(clock, [quick('e')]), clock.timers]).toEqual([['e'], 0])
})
