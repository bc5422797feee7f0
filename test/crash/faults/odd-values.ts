/** Throws for whatever is done with it. */
function hostile(): object {
  const refuse = (): never => {
    throw new RangeError('refused on purpose')
  }
  return new Proxy(() => undefined, { get: refuse, has: refuse, getPrototypeOf: refuse, ownKeys: refuse, getOwnPropertyDescriptor: refuse, apply: refuse })
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function errorWith(key: string, value: PropertyDescriptor): Error {
  return Object.defineProperty(new Error('odd on purpose'), key, { configurable: true, ...value })
}

function refuse(): never {
  throw new RangeError('refused on purpose')
}

/** Makes what cannot be read, or not be converted, in every way. */
export const ODD_VALUES: readonly (() => unknown)[] = [
  () => undefined,
  () => Symbol('odd'),
  () => Object.create(null) as object,
  hostile,
  revoked,
  () => ({ toString: refuse, [Symbol.toPrimitive]: refuse, [Symbol.for('nodejs.util.inspect.custom')]: refuse }),
  ...['message', 'name', 'stack', 'code', 'cause'].flatMap(key => [
    () => errorWith(key, { get: refuse }),
    () => errorWith(key, { value: Symbol('odd') }),
    () => errorWith(key, { value: Object.create(null) as object }),
  ]),
]

/** Makes answers whose `then` cannot be read, or cannot be called. */
export const ODD_THENABLES: readonly (() => unknown)[] = [
  () => Object.defineProperty({}, 'then', { get: refuse }),
  () => ({ then: refuse }),
  hostile,
  revoked,
  () => ({ then: (resolve: (value: unknown) => void) => resolve({ then: refuse }) }),
]
