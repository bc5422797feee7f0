import { defineConfig } from 'vitest/config'
import type { Reporter } from 'vitest/reporters'

/** Ends the run with one plain line for whoever counts tests. A file that cannot be loaded and an error outside of all tests count as failed. */
const totals: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap(module => [...module.children.allTests()])
    const passed = tests.filter(test => test.result().state === 'passed').length
    const failed =
      tests.filter(test => test.result().state === 'failed').length +
      modules.flatMap(module => [module, ...module.children.allSuites()]).filter(suite => suite.errors().length > 0).length +
      unhandledErrors.length

    if (passed + failed === 0) process.exitCode = 1
    process.once('exit', () => console.log(`${passed} passed, ${failed} failed`))
  },
}

export default defineConfig({
  test: {
    // The tests run as compiled JavaScript: Node 20 loads no TypeScript in a worker thread. Source maps lead back to the .ts lines.
    include: ['{packages,examples}/*/dist/**/*.test.js', 'test/dist/**/*.test.js'],
    // A thread of vitest's own that dies in a native call would take the other tests with it; a process does not.
    pool: 'forks',
    // For what hangs. How long a test takes on a busy machine is not what it is about.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    reporters: ['default', totals],
  },
})
