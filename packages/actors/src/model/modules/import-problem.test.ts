import { expect, test } from 'vitest'
import { importProblem } from './import-problem.js'

test('importProblem() speaks of bundlers where the address is that of a source which is not there', () => {
  const error = new Error('boom')
  const speaks = (url: string): boolean => importProblem(url, error).includes('importMeta')

  for (const path of ['./counter.ts', './counter.tsx', './nowhere/src/counter.js'])
    expect([path, speaks(new URL(path, import.meta.url).href)]).toEqual([path, true])
  for (const url of [
    import.meta.url,
    new URL('./nowhere.js', import.meta.url).href,
    'data:text/javascript,',
    'file://host/x.js',
    'file:///%2f',
  ])
    expect([url, speaks(url)]).toEqual([url, false])
})
