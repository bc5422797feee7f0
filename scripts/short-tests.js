/**
 * Filters of the tests that depend on the version of Node most: where async contexts are kept; what reads and writes
 * JSON, in which V8 has a fault on 24 and 26 (packages/core/src/base/runtime/root-context.ts and
 * base/values/parse-json.ts); heap limits, starts and ends of threads; types; flags; what users copy first; and SQLite,
 * which is Node's own from 22.13 on.
 */
export const SHORT_TESTS = [
  'packages/core/dist/base/runtime/',
  'packages/core/dist/base/values/parse-json.test',
  'packages/core/dist/codec/',
  'packages/core/dist/link/link.test',
  'packages/core/dist/package-readme.test',
  'packages/core/dist/thread/starter/thread-start.test',
  'packages/core/dist/words/heap-guard.test',
  'packages/actors/dist/actor/async-context.test',
  'packages/actors/dist/messaging/rows/message-shape.test',
  'packages/actors/dist/messaging/format/escaped-keys.test',
  'packages/actors/dist/model/types.test',
  'packages/actors/dist/nodes/control/',
  'packages/actors/dist/package-readme.test',
  'packages/devices/dist/gateway/calls/gateway-request.test',
  'packages/devices/dist/gateway/gateway.test',
  'packages/store/dist/durable.test',
  'packages/store/dist/sqlite/',
  'test/dist/examples/counter.test',
  'test/dist/integration/flags.test',
]
