import { expect, test } from 'vitest'
import { localUrl, systemUrl } from './module-roots.js'

const ROOTS = { system: 'file:///home/me/app/', node: 'file:///srv/app/' }

test.each([
  ['file:///home/me/app/actors/counter.js', 'file:///srv/app/actors/counter.js'],
  ['file:///home/me/other/counter.js', undefined],
  ['file:///home/me/application/counter.js', undefined],
  ['data:text/javascript,export default 1', 'data:text/javascript,export default 1'],
])('localUrl() finds %s at %s', (url, local) => {
  expect(localUrl(url, ROOTS)).toBe(local)
})

test('addresses stay what they are where no roots were set', () => {
  expect([systemUrl('file:///srv/app/counter.js'), localUrl('file:///srv/app/counter.js')]).toEqual(['file:///srv/app/counter.js', 'file:///srv/app/counter.js'])
})
