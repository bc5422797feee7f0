// Which test files can run beside others, by what their text says.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const CLOCK = /performance|hrtime|Date\.now|setTimeout|setInterval|FakeTimers/

/** What waits, what changes that which a process has once, and cases that stand elsewhere. */
const WAITS =
  /\bawait\b|\basync\b|Promise|\.then\(|setImmediate|queueMicrotask|\bvi\.(mock|stub|spyOn)|process\.(env|on|once|emit|exit|chdir)\b|spawn|\bexec|Worker\(|Contract\b|child_process|worker_threads/

/**
 * What has a deadline, as nodes, lingering sockets and ends by a signal do; what looks at that which a neighbour
 * changes; and what keeps all cores busy by itself.
 */
const MINDS =
  /\bnodes:|linger|[bB]usy|SIG[A-Z]|[a-z]Ms\b|elapsed|cpuUsage|memoryUsage|rss|[hH]eap|[dD]escriptors|concurrent/
const BUSY = /^test.dist.(bench|crash|fuzz|interop|stress)\b|\bdist.nodes\b/

/**
 * The compiled test files of a repository, as paths from its root: `quick` are those that wait for nothing and leave
 * nothing behind, which can share a process; `clockless` those that wait, and do not mind how long.
 *
 * @param {string} root
 * @returns {{ quick: string[]; clockless: string[] }}
 */
export function testKinds(root) {
  const tests = ['packages', 'examples']
    .flatMap(group => readdirSync(join(root, group)).map(name => join(group, name, 'dist')))
    .concat(join('test', 'dist'))
    .filter(dist => existsSync(join(root, dist)))
    .flatMap(dist => readdirSync(join(root, dist), { recursive: true }).map(file => join(dist, String(file))))
    .filter(file => file.endsWith('.test.js'))
    .toSorted()
    .map(file => ({ file, text: readFileSync(join(root, file), 'utf8') }))
    .filter(({ text }) => !CLOCK.test(text))
  const waiting = tests.filter(({ text }) => WAITS.test(text))
  return {
    quick: tests.filter(test => !waiting.includes(test)).map(({ file }) => file),
    clockless: waiting.filter(({ file, text }) => !MINDS.test(text) && !BUSY.test(file)).map(({ file }) => file),
  }
}
