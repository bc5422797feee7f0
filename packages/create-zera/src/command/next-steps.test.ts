import { describe, expect, test } from 'vitest'
import { packageManagerOf } from '../project/package-manager.js'
import { nextSteps } from './next-steps.js'

describe('nextSteps()', () => {
  test.each([
    ['npm', ['cd my-app', 'npm install', 'npm start']],
    ['pnpm', ['cd my-app', 'pnpm install', 'pnpm start']],
    ['yarn', ['cd my-app', 'yarn install', 'yarn start']],
    ['bun', ['cd my-app', 'bun install', 'bun run start']],
  ] as const)('names the three commands of %s', (packageManager, steps) => {
    expect(nextSteps('my-app', '/home', packageManager)).toEqual(steps)
  })

  test('leaves out the change of folder where there is none', () => {
    expect(nextSteps('.', '/home/my-app', 'npm')).toEqual(['npm install', 'npm start', 'npm test'])
  })

  test('quotes what a shell would take apart', () => {
    expect(nextSteps('my apps/shop', '/home', 'npm')[0]).toBe('cd "my apps/shop"')
  })
})

describe('packageManagerOf()', () => {
  test.each([
    ['npm/11.19.1 node/v20.20.2 linux x64 workspaces/false', 'npm'],
    ['pnpm/10.34.9 npm/? node/v24.21.0 linux x64', 'pnpm'],
    ['yarn/4.18.1 npm/? node/v24.21.0 linux x64', 'yarn'],
    ['bun/1.4.5 npm/? node/v24.3.0 linux x64', 'bun'],
    ['cnpm/9', 'npm'],
    [undefined, 'npm'],
  ])('reads %s as %s', (userAgent, packageManager) => {
    expect(packageManagerOf(userAgent)).toBe(packageManager)
  })
})
