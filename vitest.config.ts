import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import type { Reporter } from 'vitest/reporters'
import { sharingTests } from './scripts/sharing-tests.js'

/**
 * Ends the run with one plain line for whoever counts tests. A file that cannot be loaded and an error outside of all
 * tests count as failed.
 */
const totals: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap(module => [...module.children.allTests()])
    const passed = tests.filter(test => test.result().state === 'passed').length
    const failed =
      tests.filter(test => test.result().state === 'failed').length +
      modules.flatMap(module => [module, ...module.children.allSuites()]).filter(suite => suite.errors().length > 0)
        .length +
      unhandledErrors.length

    if (passed + failed === 0) process.exitCode = 1
    process.once('exit', () => console.log(`${passed} passed, ${failed} failed`))
  },
}

/**
 * The tests run as compiled JavaScript: Node 20 loads no TypeScript in a worker thread. Source maps lead back to the
 * .ts lines of tests.
 */
const ALL = ['{packages,examples}/*/dist/**/*.test.js', 'test/dist/**/*.test.js']

/**
 * Node itself loads what is tested, as it does for users and in threads: Vite would read all of it and write it anew
 * for each file, which takes longer than most files, and simulations run a third slower so.
 */
const COMPILED = /\/dist\/(?!.*\.test\.js$)/

/** Vite has to load these with all that they import, because they replace modules. */
const MOCKING = [
  'packages/actors/dist/nodes/lender/{lent-thread,node-tenant}.test.js',
  'packages/core/dist/{thread/inside/memory-guard,remote/frame-sequence,remote/remote-link,base/time/clock}.test.js',
]

const SHARING = sharingTests(import.meta.dirname)

/**
 * What looks at no clock and keeps about one core busy: simulations, whose time is their own, codecs, valgrind, which
 * runs one thread at a time, the programs of the guide, all of whose messages pass one I/O thread, and files that only
 * wait for a process of their own to end, one after the other. A neighbour makes it late, and nothing else.
 */
const STEADY = [
  'test/dist/stress/leaks.test.js',
  'test/dist/examples/guide.test.js',
  'packages/{actors,store}/dist/testing/**/*.test.js',
  'packages/core/dist/codec/**/*.test.js',
  'examples/flights/dist/**/*.test.js',
  'packages/core/dist/thread/starter/process-end.test.js',
  'packages/core/dist/sockets/here/process-end.test.js',
  'packages/{actors,devices,create-zera}/dist/command/*.test.js',
  'packages/{core,actors,devices}/dist/package-readme.test.js',
  'packages/core/dist/base/errors/late-error.test.js',
  'packages/actors/dist/host/late-errors.test.js',
  'packages/actors/dist/nodes/process-ends.test.js',
  'packages/actors/dist/system/forgotten-stop.test.js',
  'packages/actors/dist/system/hosts/killed-starts.test.js',
  'test/dist/integration/{commonjs,copies,flags}.test.js',
  'test/dist/outside/outside.test.js',
  'test/dist/documents/documents.test.js',
  'test/dist/types/*.test.js',
]

/** What keeps all cores busy by itself, and what measures how long something takes under load. */
const ALONE = [
  'test/dist/{bench,browser,crash,fuzz,stress}/**/*.test.js',
  'packages/actors/dist/host/timers-under-load.test.js',
  'packages/actors/dist/messaging/asks/busy-askers.test.js',
  'packages/actors/dist/nodes/process-storm.test.js',
  'packages/actors/dist/system/{stopping,stopping-under-load}.test.js',
  'packages/devices/dist/gateway/hostile-clients.test.js',
]

/**
 * These begin first, the last of them before all others: who begins last must not be who takes longest, and a fresh
 * clone has seen no run that could tell.
 */
const LONGEST = [
  'testing/supervision',
  'testing/supervision-storm',
  'testing/redelivery-storm',
  'testing/delivery',
  'examples/guide',
  'stress/leaks',
  'outside/outside',
  'nodes/own-process',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      LONGEST.findIndex(name => moduleId.endsWith(`/${name}.test.js`))
    const order = ({ project }: TestSpecification): number => project.config.sequence.groupOrder
    // oxlint-disable-next-line unicorn/no-array-sort -- It is a sequencer's.
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => order(a) - order(b) || rank(b) - rank(a))
  }
}

export default defineConfig({
  test: {
    // A thread of vitest's own that dies in a native call would take the other tests with it; a process does not.
    pool: 'forks',
    setupFiles: ['vitest.setup.js'],
    // For what hangs. How long a test takes on a busy machine is not what it is about.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Of tests that say so: each waits for a process of its own, and half of what that does keeps one core busy.
    maxConcurrency: 2,
    reporters: ['default', totals],
    sequence: { sequencer: LongestFirst },
    projects: [
      // One process runs many of these, one after the other: to start one for each would take longer than most.
      {
        extends: true,
        test: {
          name: 'quick',
          include: SHARING,
          exclude: [...configDefaults.exclude, ...STEADY, ...MOCKING],
          isolate: false,
          server: { deps: { external: [COMPILED] } },
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'steady',
          include: STEADY,
          exclude: [...configDefaults.exclude, ...MOCKING],
          server: { deps: { external: [COMPILED] } },
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      // What has deadlines, most of which are far off.
      {
        extends: true,
        test: {
          name: 'timed',
          include: ALL,
          exclude: [...configDefaults.exclude, ...SHARING, ...STEADY, ...ALONE, ...MOCKING],
          server: { deps: { external: [COMPILED] } },
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 1 },
        },
      },
      // By vitest's own choice these leave one core alone, and so run one after the other on two.
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          exclude: [...configDefaults.exclude, ...SHARING, ...STEADY],
          server: { deps: { external: [COMPILED] } },
          sequence: { groupOrder: 2 },
        },
      },
      { extends: true, test: { name: 'mocking', include: MOCKING, sequence: { groupOrder: 2 } } },
    ],
  },
})
