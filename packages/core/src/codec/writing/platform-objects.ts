/**
 * Classes of the platform whose instances keep all that they are where no copy finds it, each with what to send. In
 * Node 20 structuredClone makes an empty object of them, in silence; later versions refuse some.
 */
const REMEDIES: Readonly<Record<string, string>> = {
  AbortController: 'give its signal to the call as an option, or send word when it aborts',
  AbortSignal: 'give it to the call as an option, or send word when it aborts',
  CompressionStream: 'make one where it is needed',
  Crypto: 'use the one that each thread has',
  CustomEvent: 'send its type and its detail',
  DecompressionStream: 'make one where it is needed',
  Event: 'send its type',
  EventTarget: 'send what it stands for as plain data',
  FormData: 'send [...data]',
  Headers: 'send [...headers]',
  LockManager: 'use the one that each thread has',
  MessageEvent: 'send its data',
  Navigator: 'use the one that each thread has',
  Performance: 'use the one that each thread has',
  PerformanceEntry: 'send its toJSON()',
  PerformanceMark: 'send its toJSON()',
  PerformanceMeasure: 'send its toJSON()',
  Request: 'send its method, its url, [...headers] and its body as plain data',
  Response: 'send its status, [...headers] and its body as plain data',
  Storage: 'send { ...storage }',
  SubtleCrypto: 'use the one that each thread has',
  TextDecoder: 'make one where it is needed',
  TextDecoderStream: 'make one where it is needed',
  TextEncoder: 'make one where it is needed',
  TextEncoderStream: 'make one where it is needed',
  URL: 'send its href',
  URLPattern: 'send what it was made from',
  URLSearchParams: 'send [...params]',
  WebSocket: 'send what comes from it',
}

/**
 * What to send instead of an object of the platform of which nothing would arrive; undefined for all others. An
 * instance of a class that extends one, and adds data, is like any instance of a class.
 *
 * @param tag What `Object.prototype.toString` calls it.
 */
export function remedyOf(value: object, tag: string): string | undefined {
  if (!Object.hasOwn(REMEDIES, tag) || Object.keys(value).length > 0) return undefined
  // Programs extend this one themselves.
  if (tag === 'EventTarget' && !Object.hasOwn(Object.getPrototypeOf(value) as object, Symbol.toStringTag))
    return undefined
  return REMEDIES[tag]
}
