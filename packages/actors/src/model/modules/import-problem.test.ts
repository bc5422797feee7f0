import { expect, test } from 'vitest'
import { importProblem } from './import-problem.js'

test('importProblem() speaks of bundlers where there is no such file', () => {
  const error = new Error('boom')
  const speaks = (url: string): boolean => importProblem(url, error).includes('importMeta')

  expect(speaks(new URL('./nowhere.js', import.meta.url).href)).toBe(true)
  for (const url of [import.meta.url, 'data:text/javascript,', 'file://host/x.js', 'file:///%2f'])
    expect([url, speaks(url)]).toEqual([url, false])
})
