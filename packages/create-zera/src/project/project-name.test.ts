import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectName } from './project-name.js'

describe('projectName()', () => {
  test.each([
    ['my-app', 'my-app'],
    ['apps/shop.2_b', 'shop.2_b'],
    [join('/srv', 'shop', '.'), 'shop'],
    ['a'.repeat(214), 'a'.repeat(214)],
  ])('takes the last part of %s', (folder, name) => {
    expect(projectName(folder)).toBe(name)
  })

  test.each([
    '',
    '/',
    'My-App',
    '.hidden',
    '_private',
    'with space',
    'ünder',
    '@scope',
    'a'.repeat(215),
    'node_modules',
  ])('refuses %j, which npm takes for no name', folder => {
    expect(() => projectName(folder)).toThrow(
      expect.objectContaining({ name: 'CreateProjectError', reason: 'name' }) as Error,
    )
  })
})
