// Which test files can share a process, and run beside others, by what their text says.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const CLOCK = /performance|hrtime|Date\.now|setTimeout|setInterval|FakeTimers/

/** What changes that which a process has once. */
const CHANGES = /\bvi\.(mock|stub|spyOn)|process\.(on|once|emit|chdir)\b|\bsetGlobal|@opentelemetry/

/** What waits, and cases that stand elsewhere. */
const WAITS =
  /\bawait\b|\basync\b|Promise|\.then\(|setImmediate|queueMicrotask|process\.(env|exit)\b|spawn|\bexec|Worker\(|Contract\b|child_process|worker_threads/

/**
 * What has a deadline, as nodes, lingering sockets and ends by a signal do; what looks at that which a neighbour
 * changes; and what keeps all cores busy by itself.
 */
const MINDS =
  /\bnodes:|linger|[bB]usy|SIG[A-Z]|[a-z]Ms\b|elapsed|cpuUsage|memoryUsage|rss|[hH]eap|[dD]escriptors|concurrent/
const BUSY = /^test.dist.(bench|browser|crash|fuzz|interop|stress)\b|\bdist.nodes\b/

/**
 * The compiled test files of a repository that can share a process with others, and run beside them, as paths from its
 * root: they look at no clock, and either wait for nothing, or do not mind how long.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function sharingTests(root) {
  return ['packages', 'examples']
    .flatMap(group => readdirSync(join(root, group)).map(name => join(group, name, 'dist')))
    .concat(join('test', 'dist'))
    .filter(dist => existsSync(join(root, dist)))
    .flatMap(dist => readdirSync(join(root, dist), { recursive: true }).map(file => join(dist, String(file))))
    .filter(file => file.endsWith('.test.js') && canShare(file, readFileSync(join(root, file), 'utf8')))
    .toSorted()
}

/** @param {string} file @param {string} text @returns {boolean} */
function canShare(file, text) {
  return !CLOCK.test(text) && !CHANGES.test(text) && (!WAITS.test(text) || !(MINDS.test(text) || BUSY.test(file)))
}
