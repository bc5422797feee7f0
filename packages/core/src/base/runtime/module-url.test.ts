import { createContext, runInContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { expectModuleUrl, moduleUrl } from './module-url.js'

describe('moduleUrl()', () => {
  test.each([
    ['file:///app/counter.js?v=2', 'file:///app/counter.js?v=2'],
    ['data:text/javascript,', 'data:text/javascript,'],
    // As it was written.
    ['FILE:///app/a b.js', 'FILE:///app/a b.js'],
    [new URL('file:///app/counter.js'), 'file:///app/counter.js'],
    ['/app/a b#c.js', 'file:///app/a%20b%23c.js'],
  ])('takes %s', (named, url) => {
    expect(moduleUrl(named, false)).toBe(url)
  })

  test.each([
    ['C:\\app\\counter.js', 'file:///C:/app/counter.js'],
    ['c:/app/a b.js', 'file:///c:/app/a%20b.js'],
    ['\\\\server\\share\\counter.js', 'file://server/share/counter.js'],
    ['file:///C:/app/counter.js', 'file:///C:/app/counter.js'],
  ])('takes %s on Windows', (named, url) => {
    expect(moduleUrl(named, true)).toBe(url)
  })

  test.each([['./counter.js'], ['counter.js'], ['..\\counter.js'], [''], ['C:counter.js'], [7], [null], [{}]])(
    'refuses %s on each platform',
    named => {
      expect([moduleUrl(named, false), moduleUrl(named, true)]).toEqual([undefined, undefined])
    },
  )

  test('takes no path of Windows for a URL elsewhere', () => {
    expect(moduleUrl('C:\\app\\counter.js', false)).toBeUndefined()
  })

  test('takes the URLs of other realms', () => {
    const url: unknown = runInContext('({ href: "file:///app/counter.js" })', createContext())

    expect(moduleUrl(url)).toBe('file:///app/counter.js')
  })
})

test.each([[undefined], ['./counter.js'], [7]])('expectModuleUrl() throws a TypeError for %s', named => {
  expect(() => expectModuleUrl('define an actor', 'its module', named, 'import.meta.url')).toThrow(TypeError)
})
