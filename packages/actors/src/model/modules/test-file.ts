/** What says that a module ran outside of the test runner that it needs. */
const OUTSIDE = [
  /^Vitest failed to (?:find|access)/,
  /^Do not import `@jest\/globals` outside/,
  /^(?:describe|suite|test|it|expect|vi|jest|beforeAll|beforeEach|afterAll|afterEach) is not defined$/,
]

/** The error of a module that calls a test runner as it is imported; undefined when that is not what is wrong. */
export function testFileError(url: string, thrown: unknown): TypeError | undefined {
  const { message } = (thrown ?? {}) as { readonly message?: unknown }
  if (typeof message !== 'string' || !OUTSIDE.some(pattern => pattern.test(message))) return undefined
  return new TypeError(
    `Cannot import ${url} in a thread: it is a test file, and there is no test runner in a thread; put what it defines into a file of its own, which the test imports`,
    { cause: thrown },
  )
}
