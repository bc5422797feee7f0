import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { flagsOfProcess, flagsOfThread } from './inherited-flags.js'

const run = promisify(execFile)

describe('flagsOfProcess()', () => {
  test.each([
    [['--import', 'tsx']],
    [['--import=./hooks.js']],
    [['--loader', 'ts-node/esm']],
    [['--experimental-loader=ts-node/esm']],
    [['--require', './first.cjs']],
    [['-r', './first.cjs']],
    [['--conditions', 'source']],
    [['-C', 'source']],
    [['--conditions=source']],
    [['--experimental-transform-types']],
    [['--enable-source-maps']],
    [['--max-old-space-size=512']],
    [['--max_old_space_size=512']],
    [['--max-semi-space-size', '2']],
    [['--expose-gc']],
    [['--no-warnings']],
    [['--disable-warning=DEP0205']],
    [['--unhandled-rejections=strict']],
    [['--experimental-vm-modules']],
    [['--preserve-symlinks']],
    [['--stack-size=2000']],
    [['--cpu-prof']],
    [['--trace-uncaught']],
    [['--permission', '--allow-worker', '--allow-child-process']],
    [['--dns-result-order', 'ipv4first']],
  ])('keeps %j', flags => {
    expect(flagsOfProcess(['--enable-source-maps', ...flags, '--no-deprecation'])).toEqual([
      '--enable-source-maps',
      ...flags,
      '--no-deprecation',
    ])
  })

  test.each([
    [['-e', 'code']],
    [['--eval=code']],
    [['-p', '1']],
    [['-pe', '1']],
    [['--print', '1']],
    [['--input-type=module']],
    [['--input-type', 'module']],
    [['--input_type', 'module']],
    [['--run', 'start']],
    [['-c']],
    [['--check']],
    [['-i']],
    [['--interactive']],
    [['--entry-url']],
    [['--experimental-entry-url']],
    [['--snapshot-blob', 'x.blob']],
    [['--build-snapshot']],
    [['--build-snapshot-config', 'x.json']],
    [['--build-sea', 'x.json']],
    [['--experimental-sea-config', 'x.json']],
    [['--prof-process']],
    [['--inspect']],
    [['--inspect=127.0.0.1:9229']],
    [['--inspect-brk=0']],
    [['--inspect_brk']],
    [['--inspect-brk-node']],
    [['--inspect-wait']],
    [['--inspect-port', '9229']],
    [['--debug-port=9229']],
    [['--inspect-publish-uid', 'stderr']],
    [['--watch']],
    [['--watch-preserve-output']],
    [['--watch-path', './src']],
    [['--watch-kill-signal', 'SIGINT']],
    [['--env-file', '.env']],
    [['--env-file=.env']],
    [['--env-file-if-exists', '.env']],
    [['--test']],
    [['--test-only']],
    [['--test-force-exit']],
    [['--test-update-snapshots']],
    [['--test-randomize']],
    [['--test-concurrency', '2']],
    [['--test-reporter', 'tap']],
    [['--test-name-pattern=x']],
    [['--experimental-test-isolation', 'none']],
    [['--experimental-test-coverage']],
    [['--experimental-test-module-mocks']],
    [['--experimental-test-snapshots']],
  ])('drops %j, and nothing behind it', flags => {
    expect(flagsOfProcess(['--enable-source-maps', ...flags, '--no-deprecation'])).toEqual([
      '--enable-source-maps',
      '--no-deprecation',
    ])
  })
})

describe('flagsOfThread()', () => {
  test('leaves a thread all that its process has', () => {
    expect(flagsOfThread(['--import', 'tsx', '--max-old-space-size=512', '-e', 'code'])).toBeUndefined()
  })

  test.each([
    [['--input-type=module', '--eval', 'code'], []],
    [['--input-type', 'module', '-p', '1'], []],
    [
      ['--import', 'tsx', '--input-type=module', '--conditions=source', '-e', 'code'],
      ['--import', 'tsx', '--conditions=source'],
    ],
    // What belongs to the process ends the start of a thread that names it.
    [
      ['--max-old-space-size=512', '--expose-gc', '--input-type=module', '-r', './first.cjs'],
      ['-r', './first.cjs'],
    ],
  ])('of %j are %j', (flags, kept) => {
    expect(flagsOfThread(flags)).toEqual(kept)
  })

  test.each([
    ['-r', 'node:fs'],
    ['--require', 'node:fs'],
    ['--import', 'node:fs'],
    ['--loader', 'data:text/javascript,'],
    ['--experimental-loader', 'data:text/javascript,'],
    ['-C', 'source'],
    ['--conditions', 'source'],
    ['--enable-source-maps'],
    ['--experimental-vm-modules'],
    ['--experimental-import-meta-resolve'],
    ['--preserve-symlinks'],
    ['--no-warnings'],
    ['--no-deprecation'],
    ['--trace-warnings'],
    ['--trace-deprecation'],
    ['--throw-deprecation'],
    ['--trace-uncaught'],
    ['--unhandled-rejections', 'strict'],
  ])('keeps %s, which Node takes for a thread', async (...flags) => {
    const execArgv = flagsOfThread(['--input-type=module', ...flags])

    const worker = new Worker('', { eval: true, execArgv, stderr: true })

    expect(execArgv).toEqual(flags)
    expect(await new Promise(resolve => worker.once('exit', resolve))).toBe(0)
  })
})

test.each(['--input-type=module', '--input-type=commonjs'])('a program by %s and --eval starts threads', async type => {
  const core = new URL('../../index.js', import.meta.url).href
  const module = new URL('../../fixtures/threads/sums.js', import.meta.url).href
  const program = `
    import(${JSON.stringify(core)}).then(async ({ startThread }) => {
      const thread = await startThread(${JSON.stringify(module)})
      const { outcome } = await thread.stop()
      console.log(outcome)
    })`

  const { stdout } = await run(process.execPath, [type, '--max-old-space-size=512', '--eval', program])

  expect(stdout).toBe('clean\n')
})
