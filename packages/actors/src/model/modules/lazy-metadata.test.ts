import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const MODULE = new URL('./lazy-metadata.js', import.meta.url).href

/** Runs a program in a process of its own, since what it changes is global, and gives what it prints. */
function run(program: string): unknown {
  const code = `
    import { createRequire } from 'node:module'
    import { hasMetadata, provideMetadata } from ${JSON.stringify(MODULE)}
    const require = createRequire(${JSON.stringify(MODULE)})
    const isLoaded = () => Object.keys(require.cache).some(name => name.includes('reflect-metadata'))
    const results = []
    ${program}
    console.log(JSON.stringify(results))`
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' }))
}

test.each([
  'decorate',
  'metadata',
  'defineMetadata',
  'hasMetadata',
  'hasOwnMetadata',
  'getMetadata',
  'getOwnMetadata',
  'getMetadataKeys',
  'getOwnMetadataKeys',
  'deleteMetadata',
])('Reflect.%s is there, and reflect-metadata is loaded when it is looked for', name => {
  expect(
    run(
      `provideMetadata(); results.push(isLoaded(), typeof Reflect[${JSON.stringify(name)}], isLoaded(), typeof Reflect.getMetadata)`,
    ),
  ).toEqual([false, 'function', true, 'function'])
})

test('keeps what is there already, and gives way to what comes later', () => {
  expect(
    run(
      `Reflect.getMetadata = () => 'mine'; provideMetadata(); results.push(Reflect.getMetadata(), 'metadata' in Reflect, isLoaded())`,
    ),
  ).toEqual(['mine', false, false])
  expect(
    run(`provideMetadata(); Reflect.getMetadata = () => 'mine'; results.push(Reflect.getMetadata(), isLoaded())`),
  ).toEqual(['mine', false])
  expect(
    run(
      `provideMetadata(); require('reflect-metadata'); const target = {}; Reflect.defineMetadata('key', 1, target); results.push(Reflect.getMetadata('key', target))`,
    ),
  ).toEqual([1])
})

test('works with what tsc writes for decorators', () => {
  expect(
    run(`provideMetadata()
    const decorator = Reflect.metadata('design:paramtypes', [String])
    class Target {}
    Reflect.decorate([decorator], Target)
    results.push(Reflect.getMetadata('design:paramtypes', Target)[0].name)`),
  ).toEqual(['String'])
})

test('hasMetadata() loads nothing', () => {
  expect(
    run(
      `provideMetadata(); results.push(hasMetadata('key', class {}), isLoaded()); class Target {} Reflect.defineMetadata('key', 1, Target); results.push(hasMetadata('key', Target))`,
    ),
  ).toEqual([false, false, true])
})
